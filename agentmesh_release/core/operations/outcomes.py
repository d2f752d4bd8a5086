"""What a step answers."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Done:
    """The step did its work and read it back; `reference` is the provider's name for it."""

    detail: str = ""
    reference: str = ""


@dataclass(frozen=True)
class Wait:
    """Not yet: look again after `delay`. No worker sleeps meanwhile."""

    delay: timedelta
    detail: str = ""


@dataclass(frozen=True)
class Failed:
    """A definite bad answer; trying again would not change it."""

    reason: str


@dataclass(frozen=True)
class Errored:
    """Could not tell; tried again later, a bounded number of times."""

    reason: str
    retry_after_s: float | None = None


Outcome = Done | Wait | Failed | Errored
