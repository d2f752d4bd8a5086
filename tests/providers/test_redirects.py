"""Where a token may go: to its own host, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from agentmesh_release.providers.answers import Vendor
from agentmesh_release.providers.asks import Ask
from agentmesh_release.providers.http import Http, ProviderError
from tests.providers.conftest import TOKEN
from tests.providers.stub import Stub, reply

Make = Callable[..., Http]
FOLLOWS = Vendor("Acme", follows_redirects=True)


@pytest.fixture
def elsewhere() -> Iterator[Stub]:
    server = Stub()
    yield server
    server.close()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_on_the_same_host_is_followed(stub: Stub, http: Make, status: int) -> None:
    stub.route("/old", reply({}, status, location="/new?page=3"))
    stub.route("/new", reply("there"))
    assert http(vendor=FOLLOWS).get("/old", page=1).data == "there"
    assert stub.seen[-1].query == {"page": "3"}
    assert stub.seen[-1].headers["authorization"] == f"Bearer {TOKEN}"


def test_a_redirect_to_another_host_is_refused(stub: Stub, elsewhere: Stub, http: Make) -> None:
    elsewhere.route("/new", reply("stolen"))
    stub.say(reply({}, 302, location=f"{elsewhere.url}/new"))
    with pytest.raises(ProviderError, match="another host") as caught:
        http(vendor=FOLLOWS).get("/old")
    assert caught.value.permanent
    assert elsewhere.seen == []


def test_another_port_and_another_scheme_are_another_host(stub: Stub, http: Make) -> None:
    stub.say(reply({}, 302, location=f"https://127.0.0.1:{stub.port}/new"))
    with pytest.raises(ProviderError, match="another host"):
        http(vendor=FOLLOWS).get("/old")


def test_a_vendor_that_never_redirects_is_not_followed(stub: Stub, http: Make) -> None:
    stub.say(reply({}, 301, location="/new"))
    with pytest.raises(ProviderError, match="enter the final address"):
        http().get("/old")


def test_a_circle_ends(stub: Stub, http: Make) -> None:
    stub.route("/old", reply({}, 302, location="/old"))
    with pytest.raises(ProviderError, match="in a circle"):
        http(vendor=FOLLOWS, attempts=1).get("/old")
    assert len(stub.seen) == 4


def test_a_write_is_sent_on_only_where_the_method_stays(stub: Stub, http: Make) -> None:
    post = Ask("POST", "/old", json={"a": 1})
    stub.route("/new", reply("done"))
    stub.say(reply({}, 307, location="/new"))
    assert http(vendor=FOLLOWS).ask(post).data == "done"
    assert stub.seen[-1].json == {"a": 1}
    stub.say(reply({}, 301, location="/new"))
    with pytest.raises(ProviderError, match="has moved to /new"):
        http(vendor=FOLLOWS).ask(post)


def test_a_whole_url_is_asked_only_on_the_same_host(stub: Stub, http: Make) -> None:
    stub.route("/page2", reply(2))
    assert http().ask(Ask("GET", f"{stub.url}/page2")).data == 2
    with pytest.raises(ProviderError, match="another host"):
        http().ask(replace(Ask("GET", ""), path="https://evil.example/page2"))
