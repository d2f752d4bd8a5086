"""What a draft's page shows beside its changelog: what is known of its newest commit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ..conventional.changelog import Changelog
from ..models.draft import Draft
from ..models.migration_reading import MigrationReading
from ..models.project import Project

_FLAG_WORDS = {
    "on": ("on", "On"),
    "off": ("idle", "Off"),
    "set": ("unknown", "Set, neither on nor off"),
    "absent": ("warning", "Not set up"),
}
_UNKNOWN_FLAG = ("unknown", "Not read")


@dataclass(frozen=True)
class NeededFlag:
    """A flag that the draft's commits name: how it is in the app's table, as last read."""

    key: str
    state: str
    word: str
    read_at: datetime | None


def flags(draft: Draft) -> list[NeededFlag]:
    """The flags that the draft needs; one that was never read is said to be unknown."""
    return list(_flags(draft))


def _flags(draft: Draft) -> Iterator[NeededFlag]:
    for key in draft.needs_flags:
        reading = draft.flag_readings.get(key, {})
        state, word = _FLAG_WORDS.get(reading.get("state", ""), _UNKNOWN_FLAG)
        read_at = datetime.fromisoformat(reading["at"]) if reading else None
        yield NeededFlag(key, state, word, read_at)


def migrations(project: Project) -> MigrationReading | None:
    """The migrations at the head of trunk, if they were read."""
    return MigrationReading.objects.filter(project=project, sha=project.trunk_sha).first()


def pending(reading: MigrationReading | None) -> list[dict[str, str]]:
    """Those that production has not run as they are written."""
    listed = reading.migrations if reading else []
    return [each for each in listed if each["state"] != "applied"]


def pull_requests(told: Changelog) -> int:
    """How many pull requests the changelog names."""
    named = {entry.pull_request for section in told.sections for entry in section.entries}
    return len(named - {None})
