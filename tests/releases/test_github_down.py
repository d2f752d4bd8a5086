"""GitHub does not answer: what is known stays, with its age, and nobody storms it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agentmesh_release.core import connections, polls
from agentmesh_release.core.leases import clock
from agentmesh_release.core.models import Poll, User
from agentmesh_release.providers.circuit import TRIPS_AFTER
from releases.models import CheckSummary, Project
from tests.cast import signed_in

from .conftest import Api
from .sandboxed import Demo

pytestmark = pytest.mark.django_db
MANY = 20


@pytest.fixture
def town(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    """Twenty projects of one token of their own, polled, and a GitHub that can be broken."""
    mine = demo.project
    monkeypatch.setattr(connections, "_SANDBOX_TOKEN", f"of {mine.slug}")
    Project.objects.bulk_create(
        Project(slug=f"p{n}", name=f"p{n}", repository=mine.repository) for n in range(MANY)
    )
    Poll.objects.all().delete()
    for n in range(MANY):
        polls.ensure("github", f"p{n}")
    yield demo
    demo.sandbox.act("faults/clear", provider="github")


def read(*scopes: str) -> None:
    """Have these projects read now; all of them when none is named."""
    wanted = Poll.objects.filter(scope__in=scopes) if scopes else Poll.objects.all()
    wanted.update(due_at=clock())
    for pk in wanted.values_list("pk", flat=True):
        polls.run(pk)


@pytest.mark.parametrize("kind", ["500", "drop", "html", "429", "rate_limited"])
def test_twenty_projects_ask_a_few_times_and_all_know_why(town: Demo, kind: str) -> None:
    town.sandbox.act("faults", provider="github", kind=kind, seconds=60)
    town.sandbox.act("requests/reset")
    read()
    assert len(town.asked()) <= TRIPS_AFTER
    errors = set(Poll.objects.values_list("last_error", flat=True))
    assert all("GitHub" in error for error in errors)
    put_off = Poll.objects.filter(due_at__gt=clock() + timedelta(seconds=1))
    assert put_off.count() >= MANY - TRIPS_AFTER


def test_it_is_read_again_when_it_answers(town: Demo) -> None:
    town.sandbox.act("faults", provider="github", kind="500")
    read("p1", "p2")
    town.sandbox.act("faults/clear", provider="github")
    town.project.github().rate_limit()
    read("p1", "p2")
    assert Poll.objects.filter(last_error="").exclude(last_ok_at=None).count() == 2


def test_the_page_keeps_what_was_known_and_says_since_when(town: Demo, ada: User) -> None:
    slug = town.project.slug
    polls.ensure("github", slug)
    read(slug)
    Poll.objects.filter(scope=slug).update(last_ok_at=timezone.now() - timedelta(minutes=12))
    town.sandbox.act("faults", provider="github", kind="500")
    read(slug)
    page = signed_in(ada).get(reverse("draft", args=[slug])).content.decode()
    assert "12&nbsp;min ago" in page.replace("\N{NO-BREAK SPACE}", "&nbsp;")
    assert "GitHub answered 500" in page
    assert "fix: c" in page


def test_gates_that_need_it_are_inconclusive(api: Api, ada: User) -> None:
    """Nothing is read meanwhile, so what was read grows too old to count."""
    promotion = api.ask(ada)
    states = {item.gate: item.state for item in promotion.evaluate(timezone.now())}
    assert states["ci"] == "passed"
    CheckSummary.objects.update(read_at=timezone.now() - timedelta(minutes=6))
    states = {item.gate: item.state for item in promotion.evaluate(timezone.now())}
    assert states["ci"] == "inconclusive"
