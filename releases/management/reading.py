"""Commands that read a repository and nothing else: no settings, no database, on a fresh clone."""

import io
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ..history import HistoryUnreadable


class RepositoryCommand(BaseCommand):
    """What it found goes to the standard output, whole or not at all; sentences, to the other."""

    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--repo", default=".", metavar="PATH", help="the top of a git repository, bare or not"
        )

    def add_history_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--branch", help="the default branch, if not the one checked out")
        parser.add_argument("--tag-prefix", default="", help="what tags have before the version")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises `CommandError` (exit code 2) where the history cannot be read."""
        if isinstance(sys.stdout, io.TextIOWrapper):  # whatever the locale, as git does
            sys.stdout.reconfigure(encoding="utf-8", newline="\n")
        try:
            self.read(**options)
            self.stdout.flush()
        except HistoryUnreadable as refusal:
            raise CommandError(refusal.sentence, returncode=2) from None
        except BrokenPipeError:  # `… | head` has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)

    def read(self, **options: Any) -> None:
        raise NotImplementedError

    def warn(self, sentences: Iterable[str]) -> None:
        for sentence in sentences:
            self.stderr.write(sentence)
