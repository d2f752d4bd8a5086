import re
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import replace
from typing import Any

from ...conventional.policy import DEFAULT_POLICY, Bump
from ...history import read_history
from ...history.following import next_version
from ..reading import RepositoryCommand

# SemVer 2.0.0 §9; with a letter, so that the number after it is the only one.
_CHANNEL = re.compile(r"[0-9A-Za-z-]*[A-Za-z-][0-9A-Za-z-]*", re.ASCII)


class Command(RepositoryCommand):
    help = "Print the version that the next release would have; nothing while none is asked for."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        self.add_history_arguments(parser)
        bumps = [bump.name.lower() for bump in Bump]
        parser.add_argument("--bump", choices=bumps, help="whatever the commits ask for")
        parser.add_argument("--pre-release", type=_channel, metavar="CHANNEL", help="such as rc")
        parser.add_argument(
            "--breaking-in-zero",
            choices=bumps,
            default=DEFAULT_POLICY.breaking_in_zero.name.lower(),
            help="what a breaking change does before 1.0.0 (default: %(default)s)",
        )

    def read(self, **options: Any) -> None:
        history = read_history(
            options["repo"], branch=options["branch"], tag_prefix=options["tag_prefix"]
        )
        proposal = next_version(
            history,
            replace(DEFAULT_POLICY, breaking_in_zero=Bump[options["breaking_in_zero"].upper()]),
            forced=Bump[options["bump"].upper()] if options["bump"] else None,
            channel=options["pre_release"] or "",
        )
        if proposal.version:
            self.stdout.write(str(proposal.version))
        self.warn((*proposal.notes, *history.warnings))


def _channel(text: str) -> str:
    if not _CHANNEL.fullmatch(text):
        raise ArgumentTypeError(f"“{text}” is no channel; it has letters, digits and hyphens.")
    return text
