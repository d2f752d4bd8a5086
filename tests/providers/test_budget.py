"""A token's budget: what is left, what is kept back, and when it is whole again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from agentmesh_release.providers import background
from agentmesh_release.providers.asks import Ask
from agentmesh_release.providers.budget import (
    Allowance,
    Budget,
    epoch_reset,
    seconds_left_reset,
    shared_budget,
)
from agentmesh_release.providers.github import GitHub
from agentmesh_release.providers.github.connection import GITHUB
from agentmesh_release.providers.http import Http, ProviderError
from tests.providers.conftest import QUICK, TOKEN
from tests.providers.stub import Stub, Talk, reply

Make = Callable[..., Http]
NOW = 1_766_400_000.0


def left(remaining: int, in_s: float = 600) -> Talk:
    reset = str(int(time.time() + in_s))
    return reply(1, x_ratelimit_remaining=str(remaining), x_ratelimit_reset=reset)


def test_github_names_the_moment_and_supabase_the_seconds() -> None:
    headers = {"x-ratelimit-remaining": "7", "x-ratelimit-reset": "60"}
    at_60 = {**headers, "x-ratelimit-reset": str(int(NOW) + 60)}
    assert epoch_reset(at_60, NOW) == Allowance(7, NOW + 60)
    assert seconds_left_reset(headers, NOW) == Allowance(7, NOW + 60)


@pytest.mark.parametrize(
    "headers",
    [{}, {"x-ratelimit-remaining": "7"}, {"x-ratelimit-remaining": "a", "x-ratelimit-reset": "b"}],
)
def test_headers_that_say_nothing_change_nothing(headers: dict[str, str]) -> None:
    assert epoch_reset(headers, NOW) is None


def test_another_resource_has_a_counter_of_its_own() -> None:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"}
    assert epoch_reset({**headers, "x-ratelimit-resource": "search"}, NOW) is None


def test_a_read_is_refused_at_the_floor_with_the_time_of_the_reset(stub: Stub, http: Make) -> None:
    client = http(vendor=GITHUB, budget=Budget(floor=50))
    stub.say(left(50, in_s=600))
    client.get("/a")
    with pytest.raises(ProviderError, match="leaves this token 50 calls") as caught:
        client.get("/b")
    assert not caught.value.permanent
    assert caught.value.retry_after == pytest.approx(600, abs=3)
    assert len(stub.seen) == 1


def test_the_reserve_is_for_writes(stub: Stub, http: Make) -> None:
    client = http(vendor=GITHUB, budget=Budget(floor=50))
    stub.say(left(2), left(0), left(0))
    client.get("/a")
    write = Ask("POST", "/a", json={})
    client.ask(write)
    with pytest.raises(ProviderError, match="leaves this token 0 calls"):
        client.ask(write)


def test_a_new_window_opens_it_again() -> None:
    budget = Budget(floor=5)
    budget.settle(Allowance(0, NOW + 10))
    with pytest.raises(ProviderError):
        budget.spend("GitHub", NOW, write=False)
    budget.spend("GitHub", NOW + 10, write=False)


def test_an_answer_that_was_overtaken_does_not_raise_the_count() -> None:
    budget = Budget()
    for remaining in (90, 70, 80):
        budget.settle(Allowance(remaining, NOW))
    assert budget.allowance == Allowance(70, NOW)
    budget.settle(Allowance(5000, NOW + 3600))
    budget.settle(Allowance(60, NOW))
    assert budget.allowance == Allowance(5000, NOW + 3600)


def test_many_at_once_do_not_go_below_the_floor() -> None:
    budget = Budget(floor=50)
    budget.settle(Allowance(60, NOW + 600))
    taken: list[int] = []
    start = threading.Barrier(30)

    def spend() -> None:
        start.wait()
        try:
            budget.spend("GitHub", NOW, write=False)
        except ProviderError:
            return
        taken.append(1)

    threads = [threading.Thread(target=spend) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 10


def test_a_limit_closes_the_budget_for_everyone_who_shares_the_token(stub: Stub) -> None:
    one = GitHub(stub.url, TOKEN, timeouts=QUICK)
    other = GitHub(stub.url, TOKEN, timeouts=QUICK)
    secondary = {"message": "You have exceeded a secondary rate limit."}
    stub.say(reply(secondary, 403, retry_after="90"))
    with pytest.raises(ProviderError) as caught:
        one.rate_limit()
    assert caught.value.retry_after == 90
    with pytest.raises(ProviderError, match="Not asked") as caught:
        other.rate_limit()
    assert caught.value.retry_after == pytest.approx(90, abs=2)
    assert len(stub.seen) == 1


def test_a_budget_is_per_token_and_address() -> None:
    kept = shared_budget("https://a.example", TOKEN)
    assert shared_budget("https://a.example", TOKEN) is kept
    assert shared_budget("https://a.example", "another") is not kept
    assert shared_budget("https://b.example", TOKEN) is not kept


def test_background_reading_leaves_a_fifth_to_people(stub: Stub, http: Make) -> None:
    client = http(vendor=GITHUB, budget=Budget(floor=50))
    thin = reply(1, x_ratelimit_remaining="1000", x_ratelimit_limit="5000",
                 x_ratelimit_reset=str(int(time.time() + 600)))  # fmt: skip
    stub.say(thin, thin)
    client.get("/a")
    with background.reading(), pytest.raises(ProviderError, match="leaves this token 1000 calls"):
        client.get("/b")
    client.get("/b")


@pytest.mark.parametrize(
    ("remaining", "in_s", "expected"),
    [
        (5000, 3600, 1),
        (3000, 1800, 1),
        (2000, 3600, 4),
        (3000, 3600, 2),
        (1000, 60, 10),
        (0, 1, 10),
    ],
)
def test_polling_slows_down_so_that_the_hour_lasts(
    remaining: int, in_s: float, expected: float
) -> None:
    budget = Budget()
    assert budget.stretch(NOW) == 1
    budget.settle(Allowance(remaining, NOW + in_s, 5000))
    assert budget.stretch(NOW) == pytest.approx(expected)
    assert budget.stretch(NOW + in_s) == 1
