"""Gates: what has to be true before (and after) something goes live, and how we know.

    @gate("ci", "Tests passing", phase="before", fresh_s=900)
    def tests_passing(subject) -> Verdict: ...

Unknown is not passed: missing, stale or unreachable evidence is `inconclusive`, and blocks
(DESIGN, invariant 5). A checklist is the verdicts of one phase, frozen as JSON into decisions.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, Self

from ..providers.errors import ProviderError
from .figures import count
from .registries import Registry

logger = logging.getLogger("agentmesh_release.gates")

State = Literal["passed", "failed", "inconclusive", "pending", "waived"]
CLEAR: frozenset[str] = frozenset({"passed", "waived"})
_BLOCKERS_FIRST = ("failed", "inconclusive", "pending", "waived", "passed")


@dataclass(frozen=True)
class Verdict:
    """How one gate judges: a sentence, the way forward if it blocks, the evidence and its age.

    `as_of` is when the evidence was read at its source; None means "known this instant".
    """

    state: State
    summary: str
    way: str = ""
    evidence_label: str = ""
    evidence_url: str = ""
    as_of: datetime | None = None


@dataclass(frozen=True)
class Gate:
    """A gate; `fresh_s` is how old its evidence may be, `evaluate` reads what is known locally."""

    name: str
    label: str
    phase: str
    fresh_s: float
    evaluate: Callable[[Any], Verdict]


gates: Registry[Gate] = Registry("gate")

Evaluate = Callable[[Any], Verdict]


def gate(name: str, label: str, *, phase: str, fresh_s: float) -> Callable[[Evaluate], Evaluate]:
    """Register the function that evaluates this gate."""

    def register(evaluate: Evaluate) -> Evaluate:
        gates.register(name, Gate(name, label, phase, fresh_s, evaluate))
        return evaluate

    return register


@dataclass(frozen=True)
class Item:
    """One line of a checklist."""

    gate: str
    label: str
    verdict: Verdict

    @property
    def state(self) -> State:
        return self.verdict.state

    @property
    def is_clear(self) -> bool:
        return self.state in CLEAR


@dataclass(frozen=True)
class Checklist:
    """The gates of one phase with their verdicts, as they were at `checked_at`."""

    items: tuple[Item, ...] = ()
    checked_at: datetime | None = None

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def blockers(self) -> list[Item]:
        """What is not clear, failures first."""
        blocking = [item for item in self.items if not item.is_clear]
        return sorted(blocking, key=lambda item: _BLOCKERS_FIRST.index(item.state))

    @property
    def clear(self) -> list[Item]:
        return [item for item in self.items if item.is_clear]

    @property
    def is_clear(self) -> bool:
        """Whether everything is clear; an empty checklist is not."""
        return bool(self.items) and not self.blockers

    @property
    def refusal(self) -> str:
        """What blocks, in one sentence per gate."""
        blockers = self.blockers
        if not blockers:
            return "No gate has been evaluated yet, so nothing can go on."
        said = " ".join(f"{item.label}: {item.verdict.summary}" for item in blockers)
        return f"{count(len(blockers), 'gate blocks', 'gates block')} this. {said}"

    @property
    def by_state(self) -> list[Item]:
        """All items, blockers last, as `ticks` shows them."""
        return [item for item in self.items if item.is_clear] + self.blockers[::-1]

    def without(self, *names: str) -> Self:
        """The checklist less the gates of those names."""
        return replace(self, items=tuple(item for item in self if item.gate not in names))

    def aged(self, now: datetime) -> Self:
        """The same with verdicts on evidence that has become too old turned inconclusive."""
        return replace(self, items=tuple(_aged(item, now) for item in self.items))

    def as_json(self) -> dict[str, Any]:
        """Plain JSON, to be frozen into a decision."""
        return {
            "checked_at": _moment(self.checked_at),
            "items": [
                {
                    "gate": item.gate,
                    "label": item.label,
                    **vars(item.verdict),
                    "as_of": _moment(item.verdict.as_of),
                }
                for item in self.items
            ],
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """What `as_json` stored; an empty dictionary is an empty checklist."""
        items = []
        for entry in stored.get("items", []):
            fields = {name: value for name, value in entry.items() if name not in ("gate", "label")}
            fields["as_of"] = _parsed(fields["as_of"])
            items.append(Item(entry["gate"], entry["label"], Verdict(**fields)))
        return cls(tuple(items), _parsed(stored.get("checked_at")))


def evaluate(
    phase: str, subject: Any, now: datetime, *, answered: Mapping[str, Verdict] | None = None
) -> Checklist:
    """Ask every gate of the phase; one that cannot answer is inconclusive, never passed.

    `answered` holds the verdicts of gates that are not asked, by name.
    """
    known = answered or {}
    items = tuple(
        _aged(Item(each.name, each.label, known.get(each.name) or _ask(each, subject)), now)
        for each in gates
        if each.phase == phase
    )
    return Checklist(items, now)


def _ask(asked: Gate, subject: Any) -> Verdict:
    try:
        return asked.evaluate(subject)
    except ProviderError as error:
        return Verdict("inconclusive", str(error), way="It is asked again by itself.")
    except Exception as error:
        logger.exception("gate %s", asked.name)
        return Verdict(
            "inconclusive",
            f"This gate could not be evaluated ({type(error).__name__}).",
            way="The log of the worker says more.",
        )


def _aged(item: Item, now: datetime) -> Item:
    as_of = item.verdict.as_of
    if not item.is_clear or as_of is None or item.gate not in gates:
        return item
    age = now - as_of
    if age.total_seconds() <= gates.get(item.gate).fresh_s:
        return item
    stale = replace(
        item.verdict,
        state="inconclusive",
        summary=f"The last answer is {_minutes(age)} old: {item.verdict.summary} "
        "It does not count as passed.",
        way="It is read again by itself as soon as the source answers.",
    )
    return replace(item, verdict=stale)


def _minutes(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    return f"{minutes}\N{NO-BREAK SPACE}min" if minutes else f"{age.seconds}\N{NO-BREAK SPACE}s"


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _parsed(moment: str | None) -> datetime | None:
    return datetime.fromisoformat(moment) if moment else None
