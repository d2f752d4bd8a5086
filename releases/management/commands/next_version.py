from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import replace
from typing import Any

from ...conventional.policy import DEFAULT_POLICY, Bump
from ...conventional.written_policy import is_channel
from ...history.following import next_version
from ..reading import RepositoryCommand


class Command(RepositoryCommand):
    help = "Print the version that the next release would have; nothing while none is asked for."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        self.add_history_arguments(parser)
        bumps = [bump.name.lower() for bump in Bump]
        parser.add_argument("--bump", choices=bumps, help="whatever the commits ask for")
        parser.add_argument(
            "--pre-release", "--channel", type=_channel, metavar="CHANNEL", help="such as rc"
        )
        parser.add_argument(
            "--breaking-in-zero",
            choices=bumps,
            help="what a breaking change does before 1.0.0 (default: minor, or as the policy says)",
        )

    def read(self, **options: Any) -> None:
        history = self.history(**options)
        policy = options["policy"] or DEFAULT_POLICY
        if options["breaking_in_zero"]:
            policy = replace(policy, breaking_in_zero=_bump(options["breaking_in_zero"]))
        proposal = next_version(
            history,
            policy,
            forced=_bump(options["bump"]) if options["bump"] else None,
            channel=options["pre_release"] or "",
        )
        if proposal.version:
            self.stdout.write(str(proposal.version))
        self.warn((*proposal.notes, *history.warnings))


def _bump(name: str) -> Bump:
    return Bump[name.upper()]


def _channel(text: str) -> str:
    if not is_channel(text):
        raise ArgumentTypeError(f"“{text}” is no channel; it has letters, digits and hyphens.")
    return text
