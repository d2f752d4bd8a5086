"""Bodies that are too large, too slow or never finished."""

import asyncio
import os
from contextlib import suppress
from pathlib import Path

import pytest

from agentmesh_release.core.edge.bodies import MEGABYTE, Caps, Intake, replay
from agentmesh_release.core.edge.messages import Unacceptable
from tests.core.edge.wire import Server, read_answer, request, wait_until


def resident_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_the_most_particular_prefix_says_the_cap() -> None:
    caps = Caps(default=1, by_prefix={"/webhooks": 2, "/webhooks/github": 3})
    paths = ["/", "/webhooks/", "/webhooks/github/", "/webhooks/githubs", "/webhooksx"]
    assert [caps.of(path) for path in paths] == [1, 2, 3, 2, 1]


def test_it_takes_a_body_up_to_its_cap(house: Server) -> None:
    assert house.post("/echo", b"x" * MEGABYTE).json()["body_bytes"] == MEGABYTE
    refused = house.post("/echo", b"x" * (MEGABYTE + 1))
    assert refused.status == 413
    assert "1,000,000 bytes" in refused.text


def test_it_takes_a_larger_body_where_the_table_says_so(house: Server) -> None:
    assert house.post("/webhooks/github/echo", b"x" * 20_000_000).json()["body_bytes"] == 20_000_000


def test_it_refuses_a_large_body_before_it_comes(house: Server) -> None:
    head = ["POST /echo HTTP/1.1", "Content-Length: 100000000", "Expect: 100-continue"]
    answer = house.send(*head)
    assert answer.status == 413


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads memory from /proc")
def test_a_hundred_megabytes_fill_nothing(own_house: Server) -> None:
    before = resident_bytes(own_house.process.pid)
    with own_house.connect() as client:
        client.sendall(
            request("POST /echo HTTP/1.1", "Host: localhost", "Content-Length: 100000000")
        )
        peak = 0
        with suppress(OSError):
            for _ in range(100):
                client.sendall(b"x" * MEGABYTE)
                peak = max(peak, resident_bytes(own_house.process.pid))
        assert read_answer(client).status == 413
    assert peak - before < 10 * MEGABYTE


def test_a_slow_sender_holds_no_thread(house: Server) -> None:
    slow = [house.connect() for _ in range(4)]
    for client in slow:
        client.sendall(
            request("POST /echo HTTP/1.1", "Host: localhost", "Content-Length: 9") + b"half"
        )
    assert house.get("/echo").status == 200
    for client in slow:
        client.sendall(b"-done")
        with client:
            assert read_answer(client).json()["body_bytes"] == 9


def test_a_sender_who_leaves_midway_is_forgotten(own_house: Server) -> None:
    for _ in range(5):
        with own_house.connect() as client:
            client.sendall(
                request("POST /echo HTTP/1.1", "Host: localhost", "Content-Length: 900") + b"half"
            )
    wait_until(lambda: own_house.get("/busy-threads").body == b"1")
    assert "Traceback" not in own_house.log.read_text()


def test_a_second_request_on_the_same_connection_is_answered(house: Server) -> None:
    one = request("POST /echo HTTP/1.1", "Host: localhost", "Content-Length: 3") + b"abc"
    with house.connect() as client:
        for _ in range(2):
            client.sendall(one)
            assert read_answer(client).json()["body_bytes"] == 3


def test_large_uploads_leave_room_for_what_is_small() -> None:
    async def upload() -> None:
        intake = Intake(budget=10 * MEGABYTE, kept_free=3 * MEGABYTE)
        async with intake.body(replay(b"x" * 7 * MEGABYTE), 7 * MEGABYTE):
            with pytest.raises(Unacceptable) as refusal:
                async with intake.body(replay(b""), MEGABYTE + 1):
                    pass
            assert refusal.value.status == 503
            async with intake.body(replay(b"x"), 1) as small:
                assert small == b"x"
        async with intake.body(replay(b"x" * 7 * MEGABYTE), 7 * MEGABYTE) as again:
            assert len(again) == 7 * MEGABYTE

    asyncio.run(upload())
