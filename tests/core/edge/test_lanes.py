"""Threads are few: who gets one, and that nobody keeps one."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor

from tests.core.edge.wire import Server, read_answer, request, wait_until


def threads_are_free(house: Server) -> bool:
    return house.get("/switches/busy-threads").body == b"1"


def test_when_all_threads_are_busy_it_says_so_after_a_moment(house: Server) -> None:
    with ThreadPoolExecutor(3) as pool:
        holding = [pool.submit(house.get, "/slow?2") for _ in range(2)]
        time.sleep(0.2)
        began = time.monotonic()
        refused = house.get("/echo")
        waited = time.monotonic() - began
    assert refused.status == 503
    assert refused.headers["retry-after"] == "2"
    assert "try again" in refused.text
    assert 0.4 < waited < 1.5
    assert [held.result().status for held in holding] == [200, 200]


def test_switches_and_livez_are_admitted_when_pages_are_not(house: Server) -> None:
    with ThreadPoolExecutor(2) as pool:
        holding = [pool.submit(house.get, "/slow?1") for _ in range(2)]
        time.sleep(0.2)
        began = time.monotonic()
        assert house.get("/switches/echo").status == 200
        assert house.get("/livez").status == 200
        assert time.monotonic() - began < 0.3
    assert all(held.result().status == 200 for held in holding)


def test_a_request_that_waits_briefly_is_served(house: Server) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(house.get, ["/slow?0.2"] * 4))
    assert [answer.status for answer in answers] == [200] * 4


def test_more_than_may_wait_are_refused_at_once(house: Server) -> None:
    with ThreadPoolExecutor(12) as pool:
        statuses = [answer.status for answer in pool.map(house.get, ["/slow?0.4"] * 12)]
    assert set(statuses) == {200, 503}
    wait_until(lambda: threads_are_free(house))


def test_clients_who_leave_keep_no_thread_and_print_nothing(own_house: Server) -> None:
    for target in ["/slow?0.3", "/huge", "/endless"] * 4:
        with own_house.connect() as client:
            client.sendall(request(f"GET {target} HTTP/1.1", "Host: localhost"))
            time.sleep(0.02)
    wait_until(lambda: threads_are_free(own_house), 8)
    assert own_house.get("/echo").status == 200
    log = own_house.log.read_text()
    assert "Traceback" not in log


def test_those_who_left_while_waiting_are_not_served(house: Server) -> None:
    holding = [house.connect() for _ in range(2)]
    for client in holding:
        client.sendall(request("GET /slow?0.4 HTTP/1.1", "Host: localhost"))
    time.sleep(0.1)
    for _ in range(4):
        with house.connect() as client:
            client.sendall(request("GET /slow?9 HTTP/1.1", "Host: localhost"))
    for client in holding:
        with client:
            assert read_answer(client).status == 200
    assert house.get("/echo").status == 200


def test_one_who_reads_nothing_holds_no_thread(house: Server) -> None:
    readers = [socket.socket() for _ in range(3)]
    for reader in readers:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.connect(("127.0.0.1", house.port))
        reader.sendall(request("GET /huge HTTP/1.1", "Host: localhost"))
        wait_until(lambda: threads_are_free(house))
    assert house.get("/echo").status == 200
    for reader in readers:
        reader.close()


def test_no_view_streams_for_long(house: Server) -> None:
    began = time.monotonic()
    with house.connect() as client:
        client.sendall(request("GET /endless HTTP/1.1", "Host: localhost"))
        while client.recv(65536):
            pass
    assert 1.5 < time.monotonic() - began < 4
    assert "GET /endless was cut off after 2 s." in house.log.read_text()


def test_what_breaks_outside_of_a_view_is_a_plain_500(house: Server) -> None:
    answer = house.get("/broken")
    assert (answer.status, answer.text) == (500, "Something went wrong here; it was logged.\n")
    assert "broken on purpose" in house.log.read_text()
    wait_until(lambda: threads_are_free(house))


def test_head_has_no_body(house: Server) -> None:
    with house.connect() as client:
        client.sendall(request("HEAD /echo HTTP/1.1", "Host: localhost", "Connection: close"))
        head, _, body = b"".join(iter(lambda: client.recv(65536), b"")).partition(b"\r\n\r\n")
    assert b"200" in head
    assert body == b""
