"""The versions that a person may choose between when cutting, and why each."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..conventional.bump import asking
from ..conventional.policy import Bump
from ..models.project import Project
from .proposing import Proposed, Unreleased, unreleased

AUTO = "auto"


@dataclass(frozen=True)
class Choice:
    """One answer to "which version?": `bump` and `channel` as `cut` takes them, the version that
    they give, and a sentence. `is_lower` says that the commits ask for more."""

    bump: str
    channel: str
    version: str
    why: str
    is_lower: bool = False

    @property
    def value(self) -> str:
        """Both in one word, `auto` or `auto@rc`, as a form sends it."""
        return f"{self.bump}@{self.channel}" if self.channel else self.bump


def read(value: str) -> tuple[str, str]:
    """Bump and channel out of `Choice.value`; no bump is left to the commits."""
    bump, _, channel = value.partition("@")
    return bump or AUTO, channel


def choices(project: Project) -> list[Choice]:
    """What the commits ask for, then each bump and each channel that leads to another version."""
    offered: dict[str, Choice] = {}
    for choice in _all(unreleased(project)):
        if choice.version:
            offered.setdefault(choice.version, choice)
    return list(offered.values())


def _all(found: Unreleased) -> Iterator[Choice]:
    automatic = found.proposed()
    asked = automatic.proposal.bump
    version = str(automatic.proposal.version or "")
    yield Choice(AUTO, "", version, why(found, automatic))
    for bump in Bump:
        chosen = found.proposed(forced=bump).proposal.version
        is_lower = asked is not None and bump < asked and found.base is not None
        yield Choice(bump.name.lower(), "", str(chosen or ""), _chosen(bump, asked), is_lower)
    for channel in found.project.policy.channels:
        chosen = found.proposed(channel=channel).proposal.version
        said = f"A pre-release for the channel {channel}; the draft of {version} stays open."
        yield Choice(AUTO, channel, str(chosen or ""), said)


def why(found: Unreleased, proposed: Proposed) -> str:
    """Why the version that the commits ask for is that one, in a sentence; empty without one."""
    asked = proposed.proposal.bump
    if proposed.proposal.version is None:
        return ""
    if found.base is None:
        return "The first release."
    if asked is None:
        return "As a commit asks for by “Release-As”."
    count = len(asking(found.changes, asked, found.project.policy))
    if asked is Bump.MAJOR:
        breaks = "1 commit breaks" if count == 1 else f"{count} commits break"
        return f"As the commits ask for: {breaks} what worked before."
    commits = "1 commit asks" if count == 1 else f"{count} commits ask"
    return f"A {asked.name.lower()} release: {commits} for it, none breaks what worked before."


def _chosen(bump: Bump, asked: Bump | None) -> str:
    name = bump.name.lower()
    if asked is None:
        return f"A {name} release, although no commit asks for one."
    if bump < asked:
        return f"A {name} release, below the {asked.name.lower()} one that the commits ask for."
    return f"A {name} release, chosen by you."
