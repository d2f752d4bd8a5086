"""Live streams of a real server process, fed by real notices."""

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import psycopg
import pytest

from agentmesh_release.core.edge import tickets
from tests.core.edge.listening import stream, ticket
from tests.core.edge.wire import Server, request

Notify = Callable[[str, str], None]
PERSON = os.getpid() * 10  # other processes of this run hear the same notices


@pytest.fixture
def notify() -> Iterator[Notify]:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:

        def send(channel: str, payload: str) -> None:
            connection.execute("SELECT pg_notify(%s, %s)", [channel, payload])

        yield send


def test_a_signed_in_person_hears_what_goes_stale(house: Server, notify: Notify) -> None:
    with stream(house, ticket(PERSON + 1)) as live:
        assert live.status == 200
        assert "text/event-stream" in live.head
        assert "no-store" in live.head
        notify("live", "release:42 overview")
        assert live.events(until="stale overview")[-2:] == ["stale release:42", "stale overview"]


def test_a_burst_is_told_once(house: Server, notify: Notify) -> None:
    with stream(house, ticket(PERSON + 1)) as live:
        live.events(0.2)
        for _ in range(20):
            notify("live", "release:burst")
        assert 1 <= live.events(0.4).count("stale release:burst") <= 4


def test_one_who_comes_just_after_hears_it_too(house: Server, notify: Notify) -> None:
    notify("live", "release:43")
    time.sleep(0.1)
    with stream(house, ticket(PERSON + 1)) as live:
        assert "stale release:43" in live.events(until="stale release:43")


@pytest.mark.parametrize(
    "header",
    [
        "X: 1",
        "Cookie: live=",
        "Cookie: live=forged:x:y",
        ticket(PERSON + 1)[:-1] + "_",
        ticket(PERSON + 1, age_s=601),
    ],
)
def test_it_refuses_who_has_no_valid_ticket(house: Server, header: str) -> None:
    answer = house.get("/live", header)
    assert answer.status == 401
    assert "signed in" in answer.text


@pytest.mark.parametrize(
    "payload",
    [f"user:{PERSON + 7}", "session:" + tickets.session_hash(f"gone {PERSON}")],
    ids=["person", "session"],  # each xdist worker has to name a test the same way
)
def test_a_stream_ends_within_a_second_of_sign_out(
    house: Server, notify: Notify, payload: str
) -> None:
    header = ticket(PERSON + 7, f"gone {PERSON}")
    with stream(house, header) as ended, stream(house, ticket(PERSON + 8)) as other:
        notify("access", payload)
        assert ended.is_ended(within_s=1)
        assert not other.is_ended(within_s=0.2)
    assert house.get("/live", header).status == 401


def test_a_ticket_issued_after_a_change_of_role_counts(house: Server, notify: Notify) -> None:
    notify("access", f"user:{PERSON + 9}")
    time.sleep(0.1)
    with stream(house, ticket(PERSON + 9)) as live:
        assert live.status == 200


def test_a_stranger_hears_of_the_status_page_alone(house: Server, notify: Notify) -> None:
    with stream(house, path="/live/status") as live:
        notify("live", "release:44 status audit")
        heard = live.events(0.5)
    assert "stale status" in heard
    assert not [event for event in heard if "release" in event or "audit" in event]


def test_streams_are_capped_per_person_and_in_all(house: Server) -> None:
    with ExitStack() as open_streams:
        for person in (PERSON, PERSON, PERSON + 1):
            assert open_streams.enter_context(stream(house, ticket(person))).status == 200
        refused = house.get("/live", ticket(PERSON + 3))
        assert (refused.status, refused.headers["retry-after"]) == (503, "30")
    time.sleep(0.1)
    with stream(house, ticket(PERSON + 1)), stream(house, ticket(PERSON + 1)):
        assert house.get("/live", ticket(PERSON + 1)).status == 503


def test_strangers_are_capped_apart(house: Server) -> None:
    with ExitStack() as open_streams:
        for _ in range(2):
            open_streams.enter_context(stream(house, path="/live/status"))
        assert house.get("/live/status").status == 503
        assert open_streams.enter_context(stream(house, ticket(PERSON + 1))).status == 200


def test_a_broken_bus_is_said_and_everything_is_read_again_after(own_house: Server) -> None:
    with stream(own_house, ticket(PERSON + 1)) as live:
        live.events(0.3)
        _break_listener(own_house)
        heard = live.events(5, until="refresh")
        assert [event for event in heard if "stale" not in event] == ["lost", "refresh"]
        assert "Traceback" not in own_house.log.read_text()


def test_the_server_stops_though_streams_are_open(own_house: Server) -> None:
    with stream(own_house, ticket(PERSON + 1)) as live:
        began = time.monotonic()
        own_house.process.terminate()
        assert live.is_ended(within_s=2)
        own_house.process.wait(5)
        assert time.monotonic() - began < 3
    assert "Traceback" not in own_house.log.read_text()


def test_one_who_reads_nothing_is_dropped(own_house: Server, notify: Notify) -> None:
    with ExitStack() as open_streams:
        client = open_streams.enter_context(socket.socket())
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", own_house.port))
        client.sendall(request("GET /live HTTP/1.1", "Host: localhost", ticket(PERSON + 1)))
        for number in range(600):
            notify("live", " ".join(f"release:{number:05}{each:05}" for each in range(400)))
        time.sleep(2)
        heard = b"".join(iter(lambda: client.recv(65536), b""))
    assert b"event: stale" in heard
    assert not heard.endswith(b"0\r\n\r\n")
    assert own_house.log.read_text() == ""


def _break_listener(server: Server) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s",
            [f"agentmesh listener {server.process.pid}"],
        )
