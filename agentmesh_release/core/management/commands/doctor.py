from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ...health import Part, all_parts

WORDS = {"passed": "well", "failed": "bad", "inconclusive": "unknown"}


class Command(BaseCommand):
    help = "Say how every part is and, where it is bad, what mends it. Exits with 1 when one is."

    def handle(self, *args: Any, **options: Any) -> None:
        parts = all_parts()
        width = max(len(part.name) for part in parts)
        for part in parts:
            self.stdout.write(self._line(part, width))
        bad = [part.name for part in parts if part.state != "passed"]
        if bad:
            raise CommandError(f"Not well: {', '.join(bad)}.")

    def _line(self, part: Part, width: int) -> str:
        mend = f" Mend: {part.mend}" if part.mend else ""
        line = f"{part.name:<{width}}  {WORDS[part.state]:<7}  {part.sentence}{mend}"
        return line if part.state == "passed" else self.style.ERROR(line)
