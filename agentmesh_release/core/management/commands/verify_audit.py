from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ...seals import Anchor, verify


class Command(BaseCommand):
    help = (
        "Walk the audit log's whole chain of seals and say what was edited, removed, reordered or "
        "cut off. Exits with 1 when anything was."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchor", help="a seal kept elsewhere, position:seal, e.g. from the process log"
        )

    def handle(self, *args: Any, anchor: str | None = None, **options: Any) -> None:
        try:
            anchors = [Anchor.parse(anchor)] if anchor else []
            anchors += Anchor.read(settings.AUDIT_ANCHOR_FILE)
        except ValueError as error:
            raise CommandError(str(error)) from None
        verification = verify(settings.AUDIT_KEY.encode(), *anchors)
        for finding in verification.findings:
            self.stdout.write(self.style.ERROR(finding.sentence))
        tail = f", {verification.unsealed} not sealed yet" if verification.unsealed else ""
        summary = f"{verification.sealed} events sealed{tail}. Newest seal: {verification.newest}"
        if verification.findings:
            raise CommandError(f"The audit log is not what was written. {summary}")
        self.stdout.write(f"The audit log is as it was written: {summary}")
