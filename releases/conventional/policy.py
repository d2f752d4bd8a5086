"""Which commit types exist and what each does to the version (seed: Conventional Commits)."""

from dataclasses import dataclass
from enum import IntEnum


class Bump(IntEnum):
    """Which number of a version goes up; ordered, so that `max()` gives the one that wins."""

    PATCH = 1
    MINOR = 2
    MAJOR = 3


@dataclass(frozen=True, slots=True)
class ChangeType:
    """One commit type: its heading in the changelog, the bump it asks for (None: no release)."""

    name: str
    title: str
    bump: Bump | None = None
    is_folded: bool = True


SEED_TYPES = (
    ChangeType("feat", "Features", Bump.MINOR, is_folded=False),
    ChangeType("fix", "Fixes", Bump.PATCH, is_folded=False),
    ChangeType("perf", "Performance", Bump.PATCH, is_folded=False),
    ChangeType("revert", "Reverts", Bump.PATCH, is_folded=False),
    ChangeType("refactor", "Refactoring"),
    ChangeType("docs", "Documentation"),
    ChangeType("style", "Style"),
    ChangeType("test", "Tests"),
    ChangeType("build", "Build"),
    ChangeType("ci", "CI"),
    ChangeType("chore", "Maintenance"),
)


@dataclass(frozen=True, slots=True)
class Policy:
    """How a project turns commits into versions.

    `breaking_in_zero` is what a breaking change does before 1.0.0. SemVer 2.0.0 §4 promises nothing
    there, and going to 1.0.0 is a decision of people, so the default stays in 0.x. `channels` are
    the kinds of pre-release that may be cut, the most finished last.
    """

    types: tuple[ChangeType, ...] = SEED_TYPES
    breaking_in_zero: Bump = Bump.MINOR
    first_version: str = "0.1.0"
    channels: tuple[str, ...] = ("beta", "rc")

    def type_named(self, name: str | None) -> ChangeType | None:
        """The type of that name, or None for one that the policy does not list."""
        return next((known for known in self.types if known.name == name), None)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(known.name for known in self.types)


DEFAULT_POLICY = Policy()
