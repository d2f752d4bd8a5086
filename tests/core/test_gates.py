"""Checklists: unknown is not passed, old is not passed, and what is frozen stays as it was."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from agentmesh_release.core import gates
from agentmesh_release.core.gates import Checklist, Gate, Verdict, evaluate
from agentmesh_release.providers.errors import ProviderError

NOW = datetime(2026, 11, 24, 14, 20, tzinfo=UTC)


@pytest.fixture
def verdicts() -> Iterator[dict[str, Verdict | Exception]]:
    """What each gate of the phase `testing` says; the test may change it."""
    said: dict[str, Verdict | Exception] = {
        name: Verdict("passed", f"{name} is fine.", as_of=NOW) for name in ("one", "two")
    }

    def ask(name: str) -> Verdict:
        answer = said[name]
        if isinstance(answer, Exception):
            raise answer
        return answer

    for name in said:
        gate = Gate(name, name.title(), "testing", 60.0, lambda subject, name=name: ask(name))  # type: ignore[misc]
        gates.gates._entries[name] = gate
    yield said
    for name in said:
        del gates.gates._entries[name]


def checklist(now: datetime = NOW) -> Checklist:
    return evaluate("testing", None, now)


def test_all_passed_is_clear(verdicts: dict[str, Verdict | Exception]) -> None:
    assert checklist().is_clear


def test_nothing_evaluated_is_not_clear() -> None:
    assert not Checklist().is_clear


@pytest.mark.parametrize("state", ["failed", "inconclusive", "pending"])
def test_whatever_is_not_passed_or_waived_blocks(
    verdicts: dict[str, Verdict | Exception], state: gates.State
) -> None:
    verdicts["two"] = Verdict(state, "no")
    found = checklist()
    assert not found.is_clear
    assert [item.gate for item in found.blockers] == ["two"]


def test_waived_is_clear(verdicts: dict[str, Verdict | Exception]) -> None:
    verdicts["two"] = Verdict("waived", "Ben waived it.")
    assert checklist().is_clear


@pytest.mark.parametrize("error", [ProviderError("GitHub is away."), ZeroDivisionError()])
def test_a_gate_that_cannot_answer_is_inconclusive(
    verdicts: dict[str, Verdict | Exception], error: Exception
) -> None:
    verdicts["two"] = error
    assert [item.state for item in checklist()] == ["passed", "inconclusive"]


def test_old_evidence_is_inconclusive_with_its_age(
    verdicts: dict[str, Verdict | Exception],
) -> None:
    verdicts["two"] = Verdict("passed", "fine.", as_of=NOW - timedelta(minutes=4))
    [blocker] = checklist().blockers
    assert blocker.state == "inconclusive"
    assert "4\N{NO-BREAK SPACE}min old" in blocker.verdict.summary


def test_a_stored_checklist_ages_while_it_is_shown(
    verdicts: dict[str, Verdict | Exception],
) -> None:
    stored = Checklist.from_json(checklist().as_json())
    assert stored.aged(NOW + timedelta(seconds=59)).is_clear
    assert not stored.aged(NOW + timedelta(seconds=61)).is_clear


def test_old_failures_stay_failures(verdicts: dict[str, Verdict | Exception]) -> None:
    verdicts["two"] = Verdict("failed", "broken", as_of=NOW - timedelta(days=1))
    assert [item.state for item in checklist().blockers] == ["failed"]


def test_what_is_frozen_comes_back_as_it_was(verdicts: dict[str, Verdict | Exception]) -> None:
    verdicts["two"] = Verdict("failed", "broken", "mend it", "Log", "https://ci/1", NOW)
    frozen = checklist()
    assert Checklist.from_json(frozen.as_json()) == frozen
    assert Checklist.from_json({}) == Checklist()


def test_failures_come_before_doubts_and_waits(verdicts: dict[str, Verdict | Exception]) -> None:
    verdicts["one"] = Verdict("pending", "wait")
    verdicts["two"] = Verdict("failed", "no")
    assert [item.gate for item in checklist().blockers] == ["two", "one"]


def test_leaving_one_out(verdicts: dict[str, Verdict | Exception]) -> None:
    found = checklist()
    assert [item.gate for item in found.without("one")] == ["two"]
    assert replace(found, items=()).without("one") == Checklist((), NOW)
