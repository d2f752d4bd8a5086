"""Leases: one holds a row at a time, and nobody comes back with the token of another."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from agentmesh_release.core.models import Poll
from tests.faults.dying import Moment
from tests.faults.freezing import elsewhere

pytestmark = pytest.mark.django_db(transaction=True)
LONG, OVER = timedelta(hours=1), timedelta(seconds=-1)


@pytest.fixture
def row() -> Poll:
    return Poll.objects.create(kind="kettle")


def claim(row: Poll, lease: timedelta = LONG) -> Poll | None:
    found: Poll | None = Poll.objects.claim(row.pk, lease)
    return found


def test_one_claims_it_and_the_next_does_not(row: Poll) -> None:
    first = claim(row)
    assert first is not None
    assert claim(row) is None
    assert Poll.objects.held(row.pk, first.lease_token, timedelta(minutes=59))
    assert not Poll.objects.held(row.pk, first.lease_token, timedelta(minutes=61))


def test_a_lease_that_ran_out_is_claimed_anew_with_another_token(row: Poll) -> None:
    first, second = claim(row, OVER), claim(row)
    assert first is not None
    assert second is not None
    assert second.lease_token > first.lease_token
    assert not Poll.objects.renew(row.pk, first.lease_token, LONG)
    assert Poll.objects.renew(row.pk, second.lease_token, LONG)


def test_what_is_not_due_is_not_claimed(row: Poll) -> None:
    Poll.objects.update(due_at="2999-01-01T00:00Z")
    assert claim(row) is None


def _claims_and_gives_back(row: Poll) -> None:
    claim(row, OVER)


@pytest.mark.parametrize("query", [2, 3])
@pytest.mark.parametrize("meanwhile", [_claims_and_gives_back, claim])
def test_who_is_overtaken_while_it_claims_gets_nothing(
    row: Poll, query: int, meanwhile: Callable[[Poll], object]
) -> None:
    """Frozen before its n-th query, until its lease has run out and somebody else was there."""
    moment = Moment(query, lambda: elsewhere(lambda: meanwhile(row)))
    with connection.execute_wrapper(moment):
        first = claim(row, OVER)
    assert moment.came
    assert first is None
