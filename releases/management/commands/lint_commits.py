import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from ...conventional.lint import as_json, as_text, judge, without_comments
from ...conventional.message import Malformed
from ...conventional.policy import DEFAULT_POLICY
from ...conventional.reading import read
from ...history.git import Git
from ...history.revisions import messages
from ...history.unreadable import printable
from ..reading import RepositoryCommand


class Command(RepositoryCommand):
    help = "Say which commit messages do not follow Conventional Commits 1.0.0, where and why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "range", nargs="*", metavar="RANGE", help="such as main..topic (default: HEAD)"
        )
        parser.add_argument(
            "--no-merges",
            action="store_true",
            help="pass over merge commits, which a file or stdin shows by their first line",
        )
        source = parser.add_mutually_exclusive_group()
        source.add_argument(
            "--file",
            type=Path,
            help="one message, as a commit-msg hook gets it; - reads it from stdin",
        )
        source.add_argument("--stdin0", action="store_true", help="messages that a NUL separates")
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument(
            "--types", help="the only types, with commas between them; “default” for the usual ones"
        )

    def read(self, **options: Any) -> None:
        types = _types(options["types"])
        if types is None and options["policy"]:
            types = options["policy"].names
        count = wrong = 0
        for name, text in self._messages(**options):
            count += 1
            found = judge(text, types)
            wrong += isinstance(found, Malformed)
            if options["format"] == "json":
                self.stdout.write(json.dumps(as_json(name, found)))  # ASCII: one line for everybody
            elif isinstance(found, Malformed):
                self.stdout.write(_shown(as_text(name, text, found)))
        if options["format"] == "text":
            self.stderr.write(_summary(count, wrong))
        if wrong:
            self.stdout.flush()
            sys.exit(1)

    def _messages(self, **options: Any) -> Iterator[tuple[str, str]]:
        if options["range"] and (options["file"] or options["stdin0"]):
            raise CommandError("A range is read from a repository, not from a file.", returncode=2)
        if options["stdin0"]:
            return _asked_for(_from_stream(), **options)
        if options["file"]:
            return _asked_for([(str(options["file"]), _from_file(options["file"]))], **options)
        revisions = options["range"] or ["HEAD"]
        return messages(
            Git(options["repo"]),
            revisions,
            is_without_merges=options["no_merges"],
            folder=options["folder"],
        )


def _types(text: str | None) -> frozenset[str] | None:
    if text is None:
        return None
    if text == "default":
        return DEFAULT_POLICY.names
    names = frozenset(name.strip().lower() for name in text.split(",") if name.strip())
    if not names:
        raise CommandError("--types names no type.", returncode=2)
    return names


def _asked_for(
    found: Iterable[tuple[str, str]], *, no_merges: bool, **_: Any
) -> Iterator[tuple[str, str]]:
    for name, text in found:
        if not (no_merges and read(text).kind == "merge"):
            yield name, text


def _from_stream() -> Iterator[tuple[str, str]]:
    """What a NUL separates or ends, so that nothing after the last NUL is no message."""
    *parts, last = _standard_input().split(b"\0")
    for number, part in enumerate([*parts, last] if last else parts, start=1):
        yield f"message {number}", part.decode("utf-8", "replace")


def _from_file(path: Path) -> str:
    try:
        data = _standard_input() if path == Path("-") else path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.", returncode=2) from None
    return without_comments(data.decode("utf-8", "replace"))


def _standard_input() -> bytes:
    return sys.stdin.buffer.read() if sys.stdin else b""  # a daemon may have closed it


def _shown(text: str) -> str:
    """A message is hostile text: it moves no cursor and fills no screen."""
    return "\n    ".join(map(printable, text.split("\n")))


def _summary(count: int, wrong: int) -> str:
    what = "1 message" if count == 1 else f"{count:,} messages"
    return f"{what}, {wrong:,} of them not acceptable." if wrong else f"{what}, all acceptable."
