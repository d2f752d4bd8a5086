"""Wrong tokens, counted by address."""

from datetime import UTC, datetime

import pytest
import time_machine

from agentmesh_release.core.api.attempts import Attempts, TooManyWrong

NOON = datetime(2026, 11, 23, 12, 0, 45, tzinfo=UTC)


@time_machine.travel(NOON, tick=False)
def test_an_address_is_put_off_until_the_minute_is_over() -> None:
    attempts = Attempts(most=2)
    for _ in range(2):
        attempts.guard("192.0.2.1")
        attempts.note("192.0.2.1")
    with pytest.raises(TooManyWrong, match="in 15 s"):
        attempts.guard("192.0.2.1")
    attempts.guard("192.0.2.2")


def test_the_next_minute_starts_anew() -> None:
    attempts = Attempts(most=1)
    with time_machine.travel(NOON, tick=False) as clock:
        attempts.note("192.0.2.1")
        clock.shift(15)
        attempts.guard("192.0.2.1")
        assert attempts.counted("192.0.2.1") == 0
