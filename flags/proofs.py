"""What a target's last reading proves, in words. Pure: `now` is an argument.

Unknown is never "confirmed": a line is confirmed only while a reading that is fresh, and younger
than the flip, says what is wanted (GUIDE, *Words*, proof).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from agentmesh_release.core import times

from .agreement import is_off
from .models import Confirmation, Switch

FRESH_FOR = timedelta(seconds=20)
"""Four readings: so old may the last one be."""


@dataclass(frozen=True)
class Proof:
    """One target's line: `state` and `word` as on pages, `at` is when it was read.

    `needs` is set when only a person can make it agree: the position to flip to again.
    """

    target: str
    state: str
    word: str
    at: datetime | None
    sentence: str = ""
    needs: str = ""

    @property
    def is_confirmed(self) -> bool:
        return self.state == "confirmed"


def proof(switch: Switch, confirmation: Confirmation, now: datetime) -> Proof:
    """How far this target proves that the switch stands as wanted."""
    if confirmation.is_owed:
        return _owed(switch, confirmation)
    if confirmation.read_at is None:
        return _unread(confirmation)
    if not confirmation.agrees:
        return _otherwise(switch, confirmation, now)
    if now - confirmation.read_at > FRESH_FOR:
        age = times.age(confirmation.read_at, now)
        said = f"{confirmation.error} " if confirmation.error else ""
        sentence = f"{said}Its last answer is {age} old and does not count."
        return Proof(_name(confirmation), "stale", "Not read", confirmation.read_at, sentence)
    return Proof(_name(confirmation), "confirmed", switch.position.reading, confirmation.read_at)


def _owed(switch: Switch, confirmation: Confirmation) -> Proof:
    name = _name(confirmation)
    if not confirmation.error:
        return Proof(name, "running", "Writing", switch.since)
    tries = confirmation.attempts
    times_ = "once" if tries == 1 else f"{tries:,} times"
    sentence = f"{confirmation.error} Tried {times_}; it is tried again until it answers."
    return Proof(name, "inconclusive", "Not confirmed", switch.since, sentence)


def _unread(confirmation: Confirmation) -> Proof:
    sentence = confirmation.error or "It is read every few seconds while a worker runs."
    state = "inconclusive" if confirmation.error else "pending"
    return Proof(_name(confirmation), state, "Not read yet", None, sentence)


def _otherwise(switch: Switch, confirmation: Confirmation, now: datetime) -> Proof:
    """The target says something else than wanted: somebody changed it there."""
    name, read_at = _name(confirmation), confirmation.read_at
    since = confirmation.differs_since or read_at or now
    said = is_off(confirmation.value)
    if said is None:
        sentence = "It has no value for this switch, so the app decides by itself."
        return Proof(name, "inconclusive", "Says nothing", read_at, sentence, switch.state)
    if said is switch.is_off:
        sentence = f"For {times.age(since, now)} it has held another message than ours."
        return Proof(name, "drift", "Other message", read_at, sentence, switch.state)
    word = switch.wording.position(is_off=said).reading
    sentence = f"Seen {times.age(since, now, ago=True)}: somebody changed it there, not here."
    return Proof(name, "drift", f"Says {word.lower()}", read_at, sentence, switch.state)


def _name(confirmation: Confirmation) -> str:
    return confirmation.target.name
