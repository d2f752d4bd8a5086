"""What comes over the wire, and what we make of it when it is not what it should be."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Callable

import pytest

from agentmesh_release.providers.asks import Ask
from agentmesh_release.providers.http import Http, ProviderError
from tests.providers.stub import Stub, drip, hang, raw, reply

Make = Callable[..., Http]
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def refused(client: Http, path: str = "/thing") -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        client.get(path)
    return caught.value


def test_it_gives_the_parsed_json(stub: Stub, http: Make) -> None:
    stub.say(reply({"name": "Ada"}))
    assert http().get("/thing", page=2, whole=True, none=None).data == {"name": "Ada"}
    assert stub.seen[0].query == {"page": "2", "whole": "true"}


def test_it_reads_gzip(stub: Stub, http: Make) -> None:
    stub.say(reply(body=gzip.compress(b'{"a": 1}'), content_encoding="gzip"))
    assert http().get("/thing").data == {"a": 1}


def test_it_keeps_a_connection_for_the_next_call(stub: Stub, http: Make) -> None:
    client = http()
    stub.say(reply(1), reply(2))
    assert [client.get("/a").data, client.get("/b").data] == [1, 2]
    assert len(stub._open) == 1


def test_it_does_not_wait_for_a_server_that_hangs(stub: Stub, http: Make) -> None:
    stub.say(hang(0.6))
    error = refused(http(attempts=1))
    assert "Acme said nothing for 0.4 s" in error.message
    assert not error.permanent


@pytest.mark.parametrize("where", ["headers", "body"])
def test_a_server_that_drips_is_cut_off_at_the_deadline(stub: Stub, http: Make, where: str) -> None:
    answer = OK + b"X-Filler: " + b"x" * 60 + b"\r\nContent-Length: 60\r\n\r\n" + b"1" * 60
    if where == "headers":
        stub.say(drip(answer, every_s=0.1))
    else:
        head, body = answer.rsplit(b"\r\n\r\n", 1)
        stub.say(
            lambda sock, seen: (raw(head + b"\r\n\r\n")(sock, seen), drip(body, 0.1)(sock, seen))[1]
        )
    started = time.monotonic()
    error = refused(http())
    assert "did not finish answering within 1.5 s" in error.message
    assert time.monotonic() - started < 3


def test_the_deadline_holds_for_all_attempts_together(stub: Stub, http: Make) -> None:
    stub.say(*[hang(0.6)] * 9)
    started = time.monotonic()
    refused(http(attempts=9))
    assert time.monotonic() - started < 3


def test_nobody_at_home_is_said_in_words(http: Make, stub: Stub) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    client = http(attempts=1)
    client.base_url = f"http://127.0.0.1:{port}"
    assert "nothing accepts connections at 127.0.0.1" in refused(client).message


def test_a_name_that_does_not_resolve_is_said_in_words(http: Make) -> None:
    client = http(attempts=1)
    client.base_url = "http://nowhere.invalid"
    assert "could not be reached" in refused(client).message


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (OK + b"Content-Length: 100\r\n\r\n{", "broke off in the middle"),
        (OK + b'Transfer-Encoding: chunked\r\n\r\n5\r\n{"a":', "broke off in the middle"),
        (OK + b"Content-Length: 0\r\n\r\n", "an empty body"),
        (OK + b'Content-Length: 8\r\n\r\n{"a": "b', "JSON that breaks off after 8 bytes"),
        (OK + b"Content-Length: 5\r\n\r\n[1, 2", "JSON that breaks off"),
        (OK + b"Content-Length: 3\r\n\r\nyes", "not JSON"),
        (OK + b"Content-Length: 3\r\n\r\nNaN", "not JSON"),
        (OK + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nyes", "cannot be unpacked"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", "a web page instead of JSON"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "without a usable answer"),
        (b"", "without a usable answer"),
    ],
)
def test_what_came_instead_of_json_is_said_in_words(
    stub: Stub, http: Make, answer: bytes, words: str
) -> None:
    stub.say(raw(answer))
    error = refused(http(attempts=1))
    assert words in error.message
    assert not error.permanent


def test_json_nested_beyond_reason_is_refused(stub: Stub, http: Make) -> None:
    stub.say(reply(body=b"[" * 200_000))
    assert "nested too deeply" in refused(http(attempts=1)).message


@pytest.mark.parametrize("length", ["content-length", "x-no-length"])
def test_a_huge_body_is_cut_off(stub: Stub, http: Make, length: str) -> None:
    head = OK + f"{length}: 5000000\r\n\r\n".encode()
    stub.say(raw(head + b"1" * 5_000_000))
    error = refused(http(max_bytes=100_000))
    assert "more than 100,000 bytes" in error.message
    assert error.permanent


def test_a_small_body_that_unpacks_to_a_huge_one_is_cut_off(stub: Stub, http: Make) -> None:
    bomb = gzip.compress(b"1" * 20_000_000)
    assert len(bomb) < 50_000
    stub.say(reply(body=bomb, content_encoding="gzip"))
    assert "more than 100,000 bytes" in refused(http(max_bytes=100_000)).message


def test_text_that_a_database_cannot_keep_is_replaced(stub: Stub, http: Make) -> None:
    stub.say(reply(body=rb'{"a\u0000": ["\ud83d", "\ud83d\ude00", "x\u0000y"]}'))
    assert http().get("/thing").data == {"a\ufffd": ["\ufffd", "😀", "x\ufffdy"]}


def test_the_error_text_of_a_refusal_is_one_short_printable_line(stub: Stub, http: Make) -> None:
    stub.say(reply({"message": "no\n\x1b[31m way\u202e " + "x" * 9000}, 422))
    error = refused(http())
    assert error.message.startswith("Acme answered 422 to GET /thing: no [31m way xxx")
    assert len(error.message) < 400
    assert error.message.isprintable()


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(400, True), (401, True), (402, True), (403, True), (404, True), (409, False), (410, True),
     (422, True), (429, False), (500, False), (501, True), (502, False), (503, False)],
)  # fmt: skip
def test_it_tells_what_may_pass_by_itself(
    stub: Stub, http: Make, status: int, permanent: bool
) -> None:
    stub.say(reply({"message": "no"}, status))
    error = refused(http(attempts=1))
    assert (error.status, error.permanent) == (status, permanent)


def test_an_empty_answer_is_fine_where_none_is_due(stub: Stub, http: Make) -> None:
    stub.say(reply(status=204, body=b""))
    assert http().ask(Ask("DELETE", "/thing", expect=frozenset({204}))).data is None
