"""Commands that read a repository and nothing else: no settings, no database, on a fresh clone."""

import io
import json
import os
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ..conventional.policy import Policy
from ..conventional.written_policy import BadPolicy, from_json
from ..history import History, HistoryUnreadable, read_history
from ..history.folders import BadFolder, tidy


class RepositoryCommand(BaseCommand):
    """What it found goes to the standard output, whole or not at all; sentences, to the other."""

    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--repo", default=".", metavar="PATH", help="the top of a git repository, bare or not"
        )

        parser.add_argument(
            "--folder",
            type=_folder,
            default="",
            help="only what touches it, such as packages/front",
        )
        parser.add_argument(
            "--policy", type=_policy, metavar="FILE", help="types and their effect, as JSON"
        )

    def add_history_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--branch", help="the default branch, if not the one checked out")
        parser.add_argument(
            "--tag-prefix",
            help="what tags have before the version (default: as the folder's tags are written)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises `CommandError` (exit code 2) where something cannot be read or written."""
        if isinstance(sys.stdout, io.TextIOWrapper):  # whatever the locale, as git does
            sys.stdout.reconfigure(encoding="utf-8", newline="\n")
        try:
            self.read(**options)
            self.stdout.flush()
        except HistoryUnreadable as refusal:
            raise CommandError(refusal.sentence, returncode=2) from None
        except BrokenPipeError:  # `… | head` has seen enough
            _let_go_of_output()
            sys.exit(1)
        except OSError as error:
            _let_go_of_output()
            raise CommandError(f"Nothing can be written: {error.strerror}.", returncode=2) from None

    def history(self, **options: Any) -> History:
        """The history that the arguments of `add_history_arguments` ask for."""
        return read_history(
            options["repo"],
            branch=options["branch"],
            tag_prefix=options["tag_prefix"],
            folder=options["folder"],
            is_as_checked_out=True,
        )

    def read(self, **options: Any) -> None:
        raise NotImplementedError

    def warn(self, sentences: Iterable[str]) -> None:
        for sentence in sentences:
            self.stderr.write(sentence)


def _let_go_of_output() -> None:
    """So that the interpreter, when it ends, does not try again to write what it still holds."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _folder(text: str) -> str:
    try:
        return tidy(text)
    except BadFolder as bad:
        raise ArgumentTypeError(str(bad)) from None


def _policy(name: str) -> Policy:
    try:
        return from_json(json.loads(Path(name).read_bytes()))
    except OSError as error:
        raise ArgumentTypeError(f"{name} cannot be read: {error.strerror}.") from None
    except BadPolicy as bad:
        raise ArgumentTypeError(f"{name}: {bad}") from None
    except (ValueError, RecursionError) as error:
        raise ArgumentTypeError(f"{name} is no JSON: {error}.") from None
