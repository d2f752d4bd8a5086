"""Whatever a provider answers instead of an answer, the test says what is wrong and what mends it.

Real clients in a real world, over real connections.
"""

import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from agentmesh_release.providers.budget import shared_budget
from releases.models import Project
from tests.providers.stub import Stub, Talk, hang, raw, reply

from .conftest import NOWHERE, TOKEN, found, point

HTML = reply(body=b"<!doctype html><title>Sign in</title>", content_type="text/html")
HALF = raw(b'HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"full_name": "acme/ap')
VENDORS = {
    "github": "GITHUB_TOKEN",
    "vercel": "VERCEL_TOKEN",
    "supabase": "SUPABASE_ACCESS_TOKEN",
    "prometheus": "PROMETHEUS_TOKEN",
}
# What is answered, how sure that is, words of the sentence, words of the mend.
ANSWERS: dict[str, tuple[Talk, str, str, str]] = {
    "401": (reply({"message": "Bad credentials"}, 401), "failed", "401", "into {token}"),
    "403": (reply({"message": "Forbidden"}, 403), "failed", "403", "{token}"),
    "404": (reply({"message": "Not Found"}, 404), "failed", "404", "Mend the"),
    "429": (
        reply({"message": "slow down"}, 429, retry_after="40"),
        "inconclusive", "429", "\N{NO-BREAK SPACE}s, then test again",
    ),
    "500": (reply({"message": "oops"}, 500), "inconclusive", "500", "status page"),
    "502 of a proxy": (
        reply(body=b"<html>Bad gateway</html>", status=502, content_type="text/html"),
        "inconclusive", "502", "status page",
    ),
    "HTML": (HTML, "inconclusive", "a web page instead of JSON", "Something else answers"),
    "half a body": (HALF, "inconclusive", "broke off in the middle", "may reach it"),
    "no JSON": (reply(body=b"hello"), "inconclusive", "not JSON", "Something else answers"),
    "empty": (reply(body=b""), "inconclusive", "an empty body", "Something else answers"),
    "a redirect to a sign-in page": (
        reply(status=302, location="https://sign-in.example.com/"),
        "failed", "redirect", "{address}",
    ),
    "408": (reply({"message": "slow"}, 408), "inconclusive", "408", "status page"),
    "a list": (reply([]), "inconclusive", "not the object it should be", "may reach it"),
}  # fmt: skip


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("vendor", VENDORS)
def test_the_sentence_says_what_came_and_the_mend_what_to_do(
    stub: Stub, project: Project, vendor: str, answer: str
) -> None:
    talk, state, said, mend = ANSWERS[answer]
    stub.otherwise = lambda _seen: talk
    (finding,) = found(project, vendor)
    assert finding.state == state
    assert said in finding.sentence
    address = "Mend the address" if vendor == "prometheus" else f"_API_URL ({stub.url})"
    assert mend.format(token=VENDORS[vendor], address=address) in finding.mend
    assert TOKEN not in f"{finding.sentence} {finding.mend}"


@pytest.mark.parametrize("vendor", VENDORS)
def test_silence_ends_in_time(stub: Stub, project: Project, vendor: str) -> None:
    stub.otherwise = lambda _seen: hang(0.6)
    (finding,) = found(project, vendor, 0.3)
    assert finding.state == "inconclusive"
    assert "did not answer in the time" in finding.sentence
    assert "may reach it" in finding.mend


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_name_that_does_not_resolve_is_said(
    project: Project, settings: LazySettings, vendor: str
) -> None:
    point(settings, NOWHERE)
    project.prometheus_url = NOWHERE
    (finding,) = found(project, vendor)
    assert "nowhere.invalid does not resolve" in finding.sentence
    assert NOWHERE in finding.mend


class Plain(socketserver.BaseRequestHandler):
    """What a web server without TLS says to a greeting that it does not understand."""

    def handle(self) -> None:
        self.request.recv(2_000)
        self.request.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


@pytest.fixture(scope="module")
def plain() -> Iterator[int]:
    """The port of such a server."""
    with socketserver.TCPServer(("127.0.0.1", 0), Plain) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_server_without_tls_is_said(
    plain: int, project: Project, settings: LazySettings, vendor: str
) -> None:
    secure = f"https://127.0.0.1:{plain}"
    point(settings, secure)
    project.prometheus_url = secure
    (finding,) = found(project, vendor)
    assert "does not speak TLS" in finding.sentence
    assert secure in finding.mend


@pytest.mark.parametrize(("vendor", "name"), VENDORS.items())
def test_a_token_that_is_not_there_is_said(
    stub: Stub, project: Project, monkeypatch: pytest.MonkeyPatch, vendor: str, name: str
) -> None:
    monkeypatch.delenv(name)
    (finding,) = found(project, vendor)
    assert f"set {name} or {name}_FILE" in finding.sentence
    assert not stub.seen


@pytest.mark.parametrize(("vendor", "name"), VENDORS.items())
def test_a_token_that_cannot_be_sent_is_not_quoted(
    stub: Stub, project: Project, monkeypatch: pytest.MonkeyPatch, vendor: str, name: str
) -> None:
    monkeypatch.setenv(name, "two\nlines")
    (finding,) = found(project, vendor)
    assert "cannot be sent" in finding.sentence
    assert "two" not in finding.sentence
    assert not stub.seen


@pytest.mark.parametrize(("vendor", "name"), VENDORS.items())
@pytest.mark.parametrize("held", [None, b"\xff\xfe"], ids=["no file", "no text"])
def test_a_file_that_cannot_be_read_is_said(
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    vendor: str,
    name: str,
    held: bytes | None,
) -> None:
    path = tmp_path / TOKEN
    if held:
        path.write_bytes(held)
    monkeypatch.setenv(f"{name}_FILE", str(path))
    (finding,) = found(project, vendor)
    assert f"The file that {name}_FILE names cannot be read" in finding.sentence
    assert TOKEN not in finding.sentence  # a secret may stand where its path should


def test_what_is_left_for_acts_is_not_spent_on_a_test(stub: Stub, project: Project) -> None:
    kept = shared_budget(stub.url, TOKEN)
    kept.close(4_000_000_000)
    (finding,) = found(project, "github")
    assert finding.state == "inconclusive"
    assert finding.mend.startswith("Wait ")
    assert not stub.seen
