"""A token never leaves in an exception, a repr or a log."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable

import pytest

from agentmesh_release.providers.github import GitHub
from agentmesh_release.providers.http import Http, ProviderError
from agentmesh_release.providers.prometheus import Prometheus
from agentmesh_release.providers.vercel import Vercel
from tests.providers.conftest import TOKEN
from tests.providers.stub import Stub, hang, raw, reply

Make = Callable[..., Http]


@pytest.mark.parametrize(
    "answer",
    [
        reply({"message": f"bad credentials: Bearer {TOKEN}"}, 401),
        reply(body=f"you sent {TOKEN}".encode(), status=500, content_type="text/plain"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"),
        hang(0.6),
    ],
)
def test_no_error_and_no_log_holds_the_token(
    stub: Stub, http: Make, caplog: pytest.LogCaptureFixture, answer: object
) -> None:
    caplog.set_level(logging.DEBUG)
    stub.say(answer)  # type: ignore[arg-type]
    with pytest.raises(ProviderError) as caught:
        http(attempts=1).get("/thing")
    printed = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert TOKEN not in printed
    assert TOKEN not in caplog.text


def test_a_token_with_a_line_break_is_refused_unquoted(stub: Stub) -> None:
    for bad in (f"{TOKEN}\r\nX-Evil: 1", f"{TOKEN}\n{TOKEN}", f"{TOKEN}é", f"{TOKEN}\x00"):
        with pytest.raises(ProviderError, match="paste it again") as caught:
            GitHub(stub.url, bad)
        assert TOKEN not in "".join(traceback.format_exception(caught.value))


def test_a_token_from_a_file_may_end_with_its_line(stub: Stub) -> None:
    stub.say(reply({}, 404), reply({}, 404), reply({}, 404))
    for ask in (
        lambda: GitHub(stub.url, f"{TOKEN}\n").rate_limit(),
        lambda: Vercel(stub.url, f"{TOKEN}\r\n").project("web"),
        lambda: Prometheus(stub.url, f" {TOKEN}\n").value("up"),
    ):
        with pytest.raises(ProviderError, match="answered 404"):
            ask()
    assert {seen.headers["authorization"] for seen in stub.seen} == {f"Bearer {TOKEN}"}


def test_no_repr_holds_the_token(stub: Stub, http: Make) -> None:
    clients = (
        http(),
        GitHub(stub.url, TOKEN),
        Vercel(stub.url, TOKEN),
        Prometheus(stub.url, TOKEN),
    )
    assert TOKEN not in repr(clients)


def test_an_address_with_a_password_is_refused_unquoted() -> None:
    with pytest.raises(ProviderError, match="must not carry a password") as caught:
        Prometheus("https://robo:hunter2@prometheus.example")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("url", ["", "ftp://a.example", "https://", "https://a.example/?x=1", "a"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ProviderError, match="must be an http"):
        Prometheus(url)
