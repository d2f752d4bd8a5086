"""Times in headers, by the clock of whoever wrote them."""

from __future__ import annotations

import pickle
import time
from email.utils import formatdate

import pytest

from agentmesh_release.providers.budget import Allowance, epoch_reset
from agentmesh_release.providers.dates import asked_at, retry_after
from agentmesh_release.providers.errors import ProviderError

NOW = 1_766_400_000.0
THEIRS = NOW - 3 * 3600  # our clock is three hours ahead of theirs
DATE = formatdate(THEIRS, usegmt=True)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("120", 120), ("0", 0), ("1.5", 1.5), ("", None), ("soon", None), ("-5", None),
     ("99999999999", 86_400), ("٣", None), ("1e9", None)],
)  # fmt: skip
def test_retry_after_in_seconds(text: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": text}, NOW) == seconds


def test_retry_after_as_a_date_is_by_their_clock() -> None:
    headers = {"retry-after": formatdate(THEIRS + 60, usegmt=True)}
    assert retry_after({**headers, "date": DATE}, NOW) == 60
    assert retry_after({"retry-after": formatdate(NOW + 60, usegmt=True)}, NOW) == 60
    assert retry_after({"retry-after": formatdate(NOW - 60, usegmt=True)}, NOW) == 0


def test_a_reset_is_by_their_clock() -> None:
    headers = {"x-ratelimit-remaining": "7", "x-ratelimit-reset": str(int(THEIRS + 600))}
    assert epoch_reset({**headers, "date": DATE}, NOW) == Allowance(7, NOW + 600)


def test_a_reset_in_years_is_not_believed() -> None:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW + 1e9))}
    assert epoch_reset(headers, NOW) == Allowance(0, NOW + 7200)


def test_a_call_is_dated_by_their_clock_minus_what_it_took() -> None:
    moment = asked_at({"date": DATE}, time.monotonic() - 2).timestamp()
    assert THEIRS - 2.5 < moment <= THEIRS - 2


def test_an_error_survives_pickling() -> None:
    error = ProviderError("Acme said no.", True, 5.0, 409, unsettled=True)
    again = pickle.loads(pickle.dumps(error))
    assert vars(again) == vars(error)
    assert str(again) == "Acme said no."
