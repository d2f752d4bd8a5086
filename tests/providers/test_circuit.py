"""Who does not answer is left alone by polling, and looked at by one."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from agentmesh_release.providers import background
from agentmesh_release.providers.budget import Budget
from agentmesh_release.providers.circuit import (
    FIRST_PAUSE_S,
    LONGEST_PAUSE_S,
    PROBE_S,
    TRIPS_AFTER,
    Circuit,
)
from agentmesh_release.providers.github.connection import GITHUB
from agentmesh_release.providers.http import Http, ProviderError
from tests.providers.stub import Stub, reply

Make = Callable[..., Http]
NOW = 1_766_400_000.0
DOWN = reply({"message": "Server Error"}, 500)


def tripped() -> Circuit:
    circuit = Circuit()
    for _ in range(TRIPS_AFTER):
        circuit.failed("GitHub answered 500.", NOW)
    return circuit


def test_after_three_failures_nobody_asks_for_a_while() -> None:
    with pytest.raises(ProviderError, match=r"GitHub answered 500. It is left alone") as caught:
        tripped().admit(NOW + 1)
    assert caught.value.retry_after == FIRST_PAUSE_S - 1
    assert not caught.value.permanent


def test_then_one_looks_and_the_others_wait_for_it() -> None:
    circuit = tripped()
    circuit.admit(NOW + FIRST_PAUSE_S)
    with pytest.raises(ProviderError):
        circuit.admit(NOW + FIRST_PAUSE_S)
    circuit.succeeded()
    for _ in range(3):
        circuit.admit(NOW + FIRST_PAUSE_S)


def test_one_that_looks_and_dies_keeps_nobody_for_ever() -> None:
    circuit = tripped()
    circuit.admit(NOW + FIRST_PAUSE_S)
    circuit.admit(NOW + FIRST_PAUSE_S + PROBE_S)


def test_pauses_grow_to_a_bound() -> None:
    circuit, now, asked = tripped(), NOW, 0
    while now < NOW + 600:
        now += 1
        with suppress(ProviderError):
            circuit.admit(now)
            asked += 1
            circuit.failed("GitHub answered 500.", now)
    assert 600 / LONGEST_PAUSE_S <= asked <= 600 / LONGEST_PAUSE_S + 2


def test_less_than_three_failures_in_a_row_are_nothing() -> None:
    circuit = Circuit()
    for _ in range(5):
        circuit.failed("x", NOW)
        circuit.failed("x", NOW)
        circuit.succeeded()
    circuit.admit(NOW)


def test_fifty_that_poll_ask_a_provider_that_is_down_three_times(stub: Stub, http: Make) -> None:
    client = http(vendor=GITHUB, budget=Budget())
    stub.otherwise = lambda _seen: DOWN
    for number in range(50):
        with background.reading(), pytest.raises(ProviderError, match="answered 500"):
            client.get(f"/repos/demo/p{number}")
    assert len(stub.seen) == TRIPS_AFTER


def test_what_a_person_asks_goes_through_and_closes_it(stub: Stub, http: Make) -> None:
    client = http(vendor=GITHUB, budget=Budget())
    stub.say(*[DOWN] * TRIPS_AFTER, reply(1), reply(2))
    with background.reading(), pytest.raises(ProviderError):
        client.get("/a")
    assert client.get("/a").data == 1
    with background.reading():
        assert client.get("/a").data == 2


def test_a_refusal_is_an_answer(stub: Stub, http: Make) -> None:
    client = http(vendor=GITHUB, budget=Budget())
    for _ in range(5):
        with background.reading(), pytest.raises(ProviderError, match="404"):
            client.get("/nothing")
    assert len(stub.seen) == 5


def test_after_a_rate_limit_one_looks_first(stub: Stub, http: Make) -> None:
    budget = Budget()
    client = http(vendor=GITHUB, budget=budget, attempts=1)
    stub.say(reply({"message": "secondary rate limit"}, 403, retry_after="60"))
    with background.reading(), pytest.raises(ProviderError):
        client.get("/a")
    later = time.time() + 61
    budget.circuit.admit(later)
    with pytest.raises(ProviderError, match="secondary rate limit"):
        budget.circuit.admit(later)
