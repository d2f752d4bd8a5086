"""Calls to addresses that people typed in."""

from __future__ import annotations

import pytest

from agentmesh_release.providers.addresses import AddressGuard
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.outside import Outside
from tests.providers.conftest import QUICK
from tests.providers.stub import CERTIFICATE, Stub, reply

SECRET_PATH = "/services/T000/B000/XXXXXXXX"


def outside(*allowed: str, max_bytes: int = 1000) -> Outside:
    guard = AddressGuard(allowed)
    return Outside(guard, timeouts=QUICK, ca_file=str(CERTIFICATE), max_bytes=max_bytes)


def test_a_webhook_is_posted_once(secure: Stub) -> None:
    secure.say(reply(body=b"ok", status=200, content_type="text/plain"))
    answer = outside("127.0.0.1").post(f"{secure.url}{SECRET_PATH}?a=1", {"text": "é"})
    assert (answer.status, answer.body) == (200, b"ok")
    assert (secure.seen[0].path, secure.seen[0].query) == (SECRET_PATH, {"a": "1"})
    assert secure.seen[0].json == {"text": "é"}


def test_without_leave_loopback_is_not_reached(secure: Stub) -> None:
    with pytest.raises(ProviderError, match="not public") as caught:
        outside().post(f"{secure.url}{SECRET_PATH}", {})
    assert caught.value.permanent
    assert secure.seen == []


def test_plain_http_is_not_asked(stub: Stub) -> None:
    with pytest.raises(ProviderError, match="https"):
        outside("127.0.0.1").get(f"{stub.url}/health")
    assert stub.seen == []


@pytest.mark.parametrize("status", [302, 404, 410, 500])
def test_no_sentence_holds_the_path(secure: Stub, status: int) -> None:
    said = reply({"message": "no"}, status, location=f"{secure.url}/elsewhere")
    secure.say(said, said, said)
    with pytest.raises(ProviderError) as caught:
        outside("127.0.0.1").post(f"{secure.url}{SECRET_PATH}", {})
    assert "XXXX" not in caught.value.message
    assert len(secure.seen) == 1


def test_a_huge_answer_is_cut_off(secure: Stub) -> None:
    secure.say(reply(body=b"x" * 2000))
    with pytest.raises(ProviderError, match="more than 1,000 bytes"):
        outside("127.0.0.1").get(f"{secure.url}/health")


def test_an_address_without_a_path_is_its_root(secure: Stub) -> None:
    secure.say(reply(body=b"up"))
    assert outside("127.0.0.1").get(secure.url).body == b"up"
    assert secure.seen[0].path == "/"
