"""Typed reading of a provider's JSON: what is missing is named, what is new is ignored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from agentmesh_release.providers.errors import ProviderError


@dataclass(frozen=True)
class Fields:
    """One JSON object of an answer. `where` names it in sentences ("GitHub's check run").

    Every reader raises ProviderError, not permanent, when the field is not what it must be.
    """

    where: str
    data: Mapping[str, object]

    @classmethod
    def of(cls, data: object, where: str) -> Fields:
        """Read `data` as an object."""
        if not isinstance(data, dict):
            raise ProviderError(f"{where} is not the object it should be.")
        return cls(where, data)

    def _wrong(self, key: str) -> ProviderError:
        state = "has an unusable" if key in self.data else "lacks its"
        return ProviderError(f"{self.where} {state} “{key}”.")

    def text(self, key: str) -> str:
        """A string that must be there."""
        value = self.data.get(key)
        if not isinstance(value, str):
            raise self._wrong(key)
        return value

    def maybe_text(self, key: str) -> str | None:
        """A string, or None where it is absent, null or empty."""
        value = self.data.get(key)
        return value if isinstance(value, str) and value else None

    def whole(self, key: str) -> int:
        """A whole number that must be there."""
        value = self.maybe_number(key)
        if value is None:
            raise self._wrong(key)
        return int(value)

    def maybe_number(self, key: str) -> float | None:
        """A number, or None."""
        value = self.data.get(key)
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return value if is_number else None  # type: ignore[return-value]

    def maybe_whole(self, key: str) -> int | None:
        """A number without its fraction, or None."""
        value = self.maybe_number(key)
        return None if value is None else int(value)

    def flag(self, key: str) -> bool:
        """A boolean; false where it is absent."""
        return self.data.get(key) is True

    def maybe_flag(self, key: str) -> bool | None:
        """A boolean, or None where the provider did not say."""
        value = self.data.get(key)
        return value if isinstance(value, bool) else None

    def time(self, key: str) -> datetime:
        """An ISO 8601 time that must be there."""
        moment = self.maybe_time(key)
        if moment is None:
            raise self._wrong(key)
        return moment

    def maybe_time(self, key: str) -> datetime | None:
        """An ISO 8601 time in UTC, or None."""
        try:
            moment = datetime.fromisoformat(self.maybe_text(key) or "")
        except ValueError:
            return None
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)

    def maybe_ms(self, key: str) -> datetime | None:
        """Milliseconds since 1970 (Vercel's unit) as a time, or None."""
        value = self.maybe_number(key)
        return None if value is None else at_epoch(value / 1000)

    def ms(self, key: str) -> datetime:
        """Milliseconds since 1970 that must be there, as a time."""
        moment = self.maybe_ms(key)
        if moment is None:
            raise self._wrong(key)
        return moment

    def part(self, key: str) -> Fields:
        """An object inside; an empty one where it is absent or null."""
        value = self.data.get(key)
        return Fields(f"{self.where}.{key}", value if isinstance(value, dict) else {})

    def maybe_part(self, key: str) -> Fields | None:
        """An object inside, or None."""
        return self.part(key) if isinstance(self.data.get(key), dict) else None

    def parts(self, key: str) -> list[Fields]:
        """A list of objects that must be there."""
        return many(self.data.get(key), f"{self.where}.{key}")

    def texts(self, key: str) -> tuple[str, ...]:
        """The strings of a list; empty where it is absent."""
        value = self.data.get(key)
        return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()


def at_epoch(seconds: float) -> datetime | None:
    """Seconds since 1970 as a time, or None where there is no such time."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def many(data: object, where: str) -> list[Fields]:
    """Read `data` as a list of objects."""
    if not isinstance(data, list):
        raise ProviderError(f"{where} is not the list it should be.")
    return [Fields.of(item, where) for item in data]
