"""The GitHub App: whom it says it is, and tokens that are renewed in time and once."""

from __future__ import annotations

import socket
import threading
from datetime import UTC, datetime
from functools import cache
from itertools import count

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.github import App, GitHub, Installed
from tests.providers.conftest import QUICK
from tests.providers.payloads import REPO, SHA
from tests.providers.stub import Seen, Stub, reply

HOUR_S = 3600
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC).timestamp()
FIND, TOKENS = f"/repos/{REPO}/installation", "/app/installations/7/access_tokens"
BRANCH = f"/repos/{REPO}/branches/main"
HEAD = reply({"name": "main", "protected": False, "commit": {"sha": SHA}})


@cache
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    form = PrivateFormat.PKCS8
    return private.private_bytes(Encoding.PEM, form, NoEncryption()).decode()


class At:
    """An App at the stub, whose clock the test moves."""

    def __init__(self, stub: Stub) -> None:
        self.stub, self.now, self._numbers = stub, NOON, count(1)
        self.app = App(stub.url, "42", pem(key()), timeouts=QUICK, clock=lambda: self.now)
        self.github = GitHub(stub.url, Installed(self.app, REPO), timeouts=QUICK)
        stub.route(FIND, reply({"id": 7}))
        stub.route(TOKENS, self.give)
        stub.route(BRANCH, HEAD)

    def give(self, sock: socket.socket, seen: Seen) -> bool:
        ends = datetime.fromtimestamp(self.now + HOUR_S, UTC)
        token = {"token": f"ghs_{next(self._numbers)}", "expires_at": ends.isoformat()}
        return reply(token, 201)(sock, seen)

    def read(self) -> str:
        """The token that a call went out with."""
        self.github.repositories.branch(REPO, "main")
        return self.asked(BRANCH)[-1].headers["authorization"].removeprefix("Bearer ")

    def asked(self, path: str) -> list[Seen]:
        return [seen for seen in self.stub.seen if seen.path == path]


@pytest.fixture
def at(stub: Stub) -> At:
    return At(stub)


def signature(seen: Seen, now: float) -> dict[str, object]:
    """What the App says of itself, judged by a server with that clock."""
    token = seen.headers["authorization"].removeprefix("Bearer ")
    claims: dict[str, object] = jwt.decode(
        token, key().public_key(), ["RS256"], options={"verify_exp": False, "verify_iat": False}
    )
    assert claims["iat"] <= now  # type: ignore[operator]
    assert now < claims["exp"] <= now + 600  # type: ignore[operator]
    return claims


def test_it_signs_for_nine_minutes_and_by_any_clock_that_is_a_minute_off(at: At) -> None:
    at.read()
    for skew in (-60, 0, 60):
        assert signature(at.asked(FIND)[0], at.now + skew)["iss"] == "42"


def test_one_token_serves_until_five_minutes_before_its_end(at: At) -> None:
    assert at.read() == "ghs_1"
    at.now += HOUR_S - 301
    assert at.read() == "ghs_1"
    at.now += 2
    assert at.read() == "ghs_2"
    assert len(at.asked(FIND)) == 1


def test_a_token_that_is_refused_is_renewed_once(at: At) -> None:
    assert at.read() == "ghs_1"
    at.stub.route(BRANCH, reply({"message": "Bad credentials"}, 401), HEAD)
    assert at.read() == "ghs_2"
    at.stub.route(BRANCH, reply({"message": "Bad credentials"}, 401))
    with pytest.raises(ProviderError, match="answered 401"):
        at.read()
    assert len(at.asked(TOKENS)) == 3


def test_a_write_that_is_refused_goes_out_once_more(at: At) -> None:
    at.read()
    path = f"/repos/{REPO}/git/refs"
    at.stub.route(path, reply({"message": "Bad credentials"}, 401), reply({}, 201))
    at.stub.route(f"/repos/{REPO}/commits/tags/v1", reply({}, 404), reply({"sha": SHA}))
    at.github.tags.ensure(REPO, "v1", SHA)
    assert len(at.asked(path)) == 2


def test_two_threads_ask_for_one_token(at: At) -> None:
    at.app.token(REPO)
    at.now += HOUR_S
    barrier, tokens = threading.Barrier(2), []

    def ask() -> None:
        barrier.wait()
        tokens.append(at.app.token(REPO))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert tokens == ["ghs_2", "ghs_2"]


def test_what_two_threads_were_refused_is_renewed_for_both_at_once(at: At) -> None:
    old = at.app.token(REPO)
    for _ in range(2):
        at.app.renew(REPO, old)
        assert at.app.token(REPO) == "ghs_2"


def test_repositories_of_one_installation_share_its_token(at: At) -> None:
    at.stub.route("/repos/demo/other/installation", reply({"id": 7}))
    assert at.app.token(REPO) == at.app.token("demo/other") == "ghs_1"


def test_a_revoked_installation_says_so_and_one_anew_is_found(at: At) -> None:
    at.app.token(REPO)
    at.now += HOUR_S
    at.stub.route(TOKENS, reply({"message": "Not Found"}, 404))
    at.stub.route(FIND, reply({"message": "Not Found"}, 404))
    with pytest.raises(ProviderError, match="App 42 is not installed for demo/agentmesh"):
        at.read()
    at.stub.route(FIND, reply({"id": 8}))
    at.stub.route("/app/installations/8/access_tokens", at.give)
    assert at.read() == "ghs_2"


def test_a_suspended_installation_is_said_in_githubs_words(at: At) -> None:
    at.stub.route(TOKENS, reply({"message": "This installation has been suspended"}, 403))
    with pytest.raises(ProviderError, match="has been suspended") as caught:
        at.read()
    assert caught.value.permanent


def test_a_key_of_another_app_is_said(at: At) -> None:
    at.stub.route(FIND, reply({"message": "A JSON web token could not be decoded"}, 401))
    with pytest.raises(ProviderError, match="do not belong together, or the clock"):
        at.read()


def test_github_down_is_no_reason_to_give_up(at: At) -> None:
    at.stub.route(TOKENS, reply({}, 503), at.give)
    assert at.read() == "ghs_1"


@pytest.mark.parametrize("text", ["", "no key", pem(ec.generate_private_key(ec.SECP256R1()))])
def test_what_is_no_rsa_key_is_refused_unquoted(text: str) -> None:
    with pytest.raises(ProviderError, match="no RSA key in PEM") as caught:
        App("https://api.github.com", "42", text)
    assert not text or text not in str(caught.value)


def test_a_key_of_one_line_is_read(at: At) -> None:
    one_line = pem(key()).replace("\n", "\\n")
    assert repr(App(at.stub.url, "42", one_line)) == f"<App 42 {at.stub.url}>"


def test_an_id_that_is_no_number_is_refused() -> None:
    with pytest.raises(ProviderError, match="id is a number"):
        App("https://api.github.com", "Iv1.abc", pem(key()))


def test_no_secret_is_in_what_is_said(at: At) -> None:
    at.stub.route(BRANCH, reply({"message": "no, ghs_1"}, 422))
    with pytest.raises(ProviderError) as caught:
        at.read()
    assert "ghs_1" not in str(caught.value)
    assert "ghs_1" not in repr(at.github)
