"""The hub by itself: who is told what, and how little is kept for whom."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps

import pytest

from agentmesh_release.core.edge.clients import Client
from agentmesh_release.core.edge.hub import BATCH_S, HEARTBEAT, LOST, REFRESH, Caps, Hub
from agentmesh_release.core.edge.messages import Unacceptable


def in_a_loop(test: Callable[[], Coroutine[None, None, None]]) -> Callable[[], None]:
    @wraps(test)
    def run() -> None:
        asyncio.run(test())

    return run


def hearing_hub() -> Hub:
    hub = Hub(Caps(people=2, per_person=2))
    hub.listening()
    return hub


def joined(hub: Hub, key: str = "user:1") -> Client:
    client = Client((key,))
    hub.join(client)
    return client


@in_a_loop
async def test_the_first_topic_leaves_at_once_and_the_next_together() -> None:
    hub = hearing_hub()
    client = joined(hub)
    hub.hear(["a"])
    for topic in ("b", "c", "b"):
        hub.hear([topic])
    assert await client.next() == b"event: stale\ndata: a\n\n"
    assert not client.chunks
    await asyncio.sleep(BATCH_S * 2)
    assert await client.next() == b"event: stale\ndata: b\n\nevent: stale\ndata: c\n\n"


@in_a_loop
async def test_a_client_that_cannot_follow_is_ended() -> None:
    hub = hearing_hub()
    client = joined(hub)
    for _ in range(40):
        hub.lost()
    assert client.ended
    assert len(client.chunks) < 40


@in_a_loop
async def test_one_who_comes_while_the_bus_is_lost_is_told_so() -> None:
    assert await joined(Hub()).next() == LOST


@in_a_loop
async def test_the_bus_coming_back_means_reading_everything() -> None:
    hub = hearing_hub()
    client = joined(hub)
    hub.lost()
    hub.listening()
    assert await client.next() == LOST + REFRESH


@in_a_loop
async def test_who_left_makes_room() -> None:
    hub = hearing_hub()
    first, _ = joined(hub), joined(hub)
    with pytest.raises(Unacceptable):
        joined(hub, "user:2")
    hub.leave(first)
    hub.leave(first)
    joined(hub, "user:2")
    assert len(hub) == 2


@in_a_loop
async def test_a_stopped_hub_takes_nobody() -> None:
    hub = hearing_hub()
    client = joined(hub)
    hub.stop()
    assert client.ended
    with pytest.raises(Unacceptable):
        joined(hub)


@in_a_loop
async def test_everybody_gets_a_heartbeat_within_fifteen_seconds_not_all_at_once() -> None:
    hub = Hub(Caps(people=100, per_person=100))
    hub.listening()
    clients = [joined(hub) for _ in range(90)]
    at_most = 0
    for _ in range(30):
        before = sum(HEARTBEAT in client.chunks for client in clients)
        hub.tick()
        at_most = max(at_most, sum(HEARTBEAT in client.chunks for client in clients) - before)
    hub.stop()
    assert all(list(client.chunks).count(HEARTBEAT) == 1 for client in clients)
    assert at_most == 3


@in_a_loop
async def test_one_who_keeps_us_from_writing_is_hung_up_on() -> None:
    hub, cut = Hub(patience_s=0.01), asyncio.Event()
    client = Client(("user:1",), hang_up=cut.set)
    hub.join(client)
    client.writing_since = asyncio.get_running_loop().time()
    await asyncio.sleep(0.02)
    hub.tick()
    hub.stop()
    assert cut.is_set()
