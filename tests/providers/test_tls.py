"""The same promises over TLS."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from agentmesh_release.providers.answers import Vendor
from agentmesh_release.providers.http import Http, ProviderError, Repeats
from tests.providers.conftest import QUICK
from tests.providers.stub import CERTIFICATE, Stub, drip, hang, reply


def client(url: str, ca_file: str | None = str(CERTIFICATE)) -> Http:
    return Http(Vendor("Acme"), url, ca_file=ca_file, timeouts=QUICK, repeats=Repeats(1))


def test_a_certificate_that_the_operator_trusts_is_trusted(secure: Stub) -> None:
    secure.say(reply("there"), reply("again"))
    acme = client(secure.url)
    assert [acme.get("/a").data, acme.get("/b").data] == ["there", "again"]


def test_a_certificate_that_nobody_trusts_is_refused(secure: Stub) -> None:
    with pytest.raises(ProviderError, match=r"certificate of 127\.0\.0\.1.*\(self-signed cert"):
        client(secure.url, None).get("/a")
    assert secure.seen == []


def test_a_certificate_of_another_name_is_refused(secure: Stub) -> None:
    url = secure.url.replace("127.0.0.1", "127.0.0.2")
    with pytest.raises(ProviderError, match="could not be"):
        client(url).get("/a")


def test_a_drip_over_tls_is_cut_off_at_the_deadline(secure: Stub) -> None:
    secure.say(drip(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 99, every_s=0.1))
    started = time.monotonic()
    with pytest.raises(ProviderError, match="did not finish answering"):
        client(secure.url).get("/a")
    assert time.monotonic() - started < 2.2


def test_silence_over_tls_is_cut_off(secure: Stub) -> None:
    secure.say(hang(0.6))
    with pytest.raises(ProviderError, match=r"said nothing for 0\.4 s"):
        client(secure.url).get("/a")


def test_a_handshake_that_breaks_off_is_no_matter_of_trust() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=lambda: server.accept()[0].close(), daemon=True).start()
        with pytest.raises(ProviderError) as told:
            client(f"https://127.0.0.1:{server.getsockname()[1]}").get("/a")
    assert "certificate" not in str(told.value)


def test_a_handshake_that_never_comes_is_cut_off() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        started = time.monotonic()
        with pytest.raises(ProviderError):
            client(f"https://127.0.0.1:{silent.getsockname()[1]}").get("/a")
        assert time.monotonic() - started < 2


def test_plain_http_where_tls_was_meant_is_said_in_words(stub: Stub) -> None:
    with pytest.raises(ProviderError, match="Acme"):
        client(stub.url.replace("http:", "https:")).get("/a")


def test_many_threads_share_one_client(secure: Stub) -> None:
    secure.otherwise = lambda seen: reply(seen.path)
    acme = client(secure.url)
    wrong: list[object] = []

    def ask(number: int) -> None:
        for turn in range(10):
            path = f"/{number}/{turn}"
            if (got := acme.get(path).data) != path:
                wrong.append(got)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(secure.seen) == 60
    acme.close()
