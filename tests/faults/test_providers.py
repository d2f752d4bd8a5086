"""Providers that misbehave during a promotion and a rollback, at every call that these make."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from agentmesh_release.core.models import Operation
from agentmesh_release.core.operations.engine import MAX_ATTEMPTS
from releases.evidence import builds

from .journey import Journey, states

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

KINDS = ("500", "503", "429", "hang", "drop", "late", "html", "half")
Start = Callable[[], Operation]


@dataclass(frozen=True, order=True)
class Call:
    """One call that an operation makes."""

    vendor: str
    method: str
    path: str

    def misbehaves(self, journey: Journey, kind: str, times: int | None = 1) -> None:
        more: dict[str, object] = (
            {"seconds": 1} if times is None else {"seconds": 1, "times": times}
        )
        journey.fault(kind, self.vendor, path=self.path, method=self.method, **more)

    @property
    def writes(self) -> bool:
        return self.method != "GET"


@pytest.fixture(autouse=True)
def _impatient(settings: Settings) -> None:
    settings.OPERATION_LEASE_S = 2.4  # an act has 0.8 s


def calls_of(journey: Journey, start: Start) -> list[Call]:
    """What it asks of its providers when all is well."""
    operation = start()
    journey.sandbox.act("requests/reset")
    assert journey.work(operation).state == "done"
    seen = journey.sandbox.get("/_control/requests")["requests"]
    found = {
        Call(each["vendor"], each["method"], each["path"].removeprefix(f"/{each['vendor']}"))
        for each in seen
        if each["vendor"] != "control"
    }
    return sorted(found)


def there_and_back(journey: Journey) -> list[tuple[Start, str, list[Call]]]:
    """A promotion and a rollback, each with where it leads and the calls that it makes."""
    ways = ((journey.promote, journey.new), (journey.roll_back, journey.old))
    # The second promotion has more to do: it follows a rollback.
    for start, _ in ways:
        journey.work(start())
    return [(start, journey.build(release), calls_of(journey, start)) for start, release in ways]


def once_each(journey: Journey, kinds: Iterable[str], chosen: Callable[[Call], bool]) -> int:
    """Let each chosen call fail once in each of these ways; answers how often that was."""
    times = 0
    ways = there_and_back(journey)
    for kind in kinds:
        for call in filter(chosen, sorted({call for *_, calls in ways for call in calls})):
            for start, to, calls in ways:
                begin = journey.journal_end()
                operation = start()
                if call in calls:
                    call.misbehaves(journey, kind)
                    times += 1
                journey.work(operation)
                left = journey.sandbox.get("/_control/faults")["faults"]
                assert left == [], f"{call} was not made"
                told = f"{operation} with {kind} at {call}: {operation.outcome} {states(operation)}"
                assert operation.state == "done", told
                assert journey.shown() == journey.live().vercel_id == to, told
                assert len(journey.moves(begin)) == 1, told
    return times


def test_a_write_that_misbehaves_once_is_done_once(journey: Journey) -> None:
    assert once_each(journey, ["late"], lambda call: call.writes) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_any_call_may_misbehave_once(journey: Journey, kind: str) -> None:
    print(f"{kind}: {once_each(journey, [kind], lambda call: True)} calls")


@pytest.mark.parametrize("kind", KINDS)
def test_vercel_misbehaves_for_good(journey: Journey, kind: str) -> None:
    """Writes that never answer well: given up in time, and what came of them is shown truly."""
    for start in (journey.promote, journey.roll_back):
        begin = journey.journal_end()
        operation = start()
        for method in ("POST", "PATCH"):
            Call("vercel", method, "/").misbehaves(journey, kind, times=None)
        journey.work(operation)
        journey.heal()
        builds.read(journey.project, timezone.now())
        told = f"{operation} with {kind}: {operation.state} {operation.outcome}"
        assert operation.state in ("failed", "done"), told
        assert journey.shown() == journey.live().vercel_id, told
        assert len(journey.moves(begin)) <= 1, told
        assert not journey.live().is_outside, told
        if operation.state == "failed":
            assert f"Gave up after {MAX_ATTEMPTS} attempts" in operation.outcome
            assert "Vercel" in operation.outcome
            assert operation.outcome.endswith(".")
        if journey.shown() == journey.build(journey.old):
            journey.work(journey.promote())


@pytest.mark.parametrize("kind", ["500", "drop"])
def test_without_github_nothing_is_promoted(journey: Journey, kind: str) -> None:
    promotion = journey.promote()
    journey.fault(kind, "github")
    journey.work(promotion)
    assert promotion.state == "failed"
    assert "GitHub" in promotion.outcome
    assert journey.moves() == []


def test_a_rollback_needs_nobody_but_vercel(journey: Journey) -> None:
    journey.work(journey.promote())
    for provider in ("github", "prometheus", "slack", "pagerduty", "supabase", "smtp"):
        journey.fault("drop", provider)
    assert journey.work(journey.roll_back()).state == "done"
    assert journey.shown() == journey.build(journey.old)
