"""The time that metrics are said of. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

WEEK = timedelta(days=7)
# By their key in the address: days, and what they are called.
CHOICES = {"28d": (28, "28 days"), "90d": (90, "90 days"), "1y": (365, "1 year")}
USUAL = "90d"


@dataclass(frozen=True)
class Period:
    """From `start` to `end`, after an equally long one from `before`."""

    key: str
    end: datetime

    @property
    def length(self) -> timedelta:
        return timedelta(days=CHOICES[self.key][0])

    @property
    def label(self) -> str:
        return CHOICES[self.key][1]

    @property
    def start(self) -> datetime:
        return self.end - self.length

    @property
    def before(self) -> datetime:
        return self.start - self.length

    @property
    def weeks(self) -> list[datetime]:
        """When each of its whole weeks begins, counted back from its end; the earliest first."""
        count = self.length // WEEK
        return [self.end - WEEK * n for n in range(count, 0, -1)]


def period_of(key: str, now: datetime) -> Period:
    """The period of that key, else the usual one, ending now."""
    return Period(key if key in CHOICES else USUAL, now)
