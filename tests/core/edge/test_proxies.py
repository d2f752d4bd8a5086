"""Whose word is taken for where a request came from."""

import pytest

from tests.core.edge.wire import Server


def test_a_stranger_cannot_forge_the_scheme_or_the_address(house: Server) -> None:
    seen = house.get(
        "/echo",
        "X-Forwarded-Proto: https",
        "X-Forwarded-For: 9.9.9.9",
        "X-Forwarded-Host: evil.example",
    ).json()
    assert seen["wsgi.url_scheme"] == "http"
    assert seen["REMOTE_ADDR"] == "127.0.0.1"
    assert seen["HTTP_HOST"] == "localhost"
    assert not [key for key in seen if "FORWARDED" in key]


@pytest.mark.parametrize(
    "header",
    [
        "X-Forwarded-For: 1.2.3.4",
        "x_forwarded_for: 1.2.3.4",
        "Forwarded: for=1.2.3.4",
        "X-Real-IP: 1.2.3.4",
        "Via: 1.1 somewhere",
        "CF-Connecting-IP: 1.2.3.4",
        "X-Forwarded-Prefix: /x",
    ],
)
def test_that_a_hop_spoke_is_remembered(house: Server, header: str) -> None:
    assert house.get("/echo", header).json()["agentmesh.forwarded"] is True


def test_a_direct_request_is_known_as_one(house: Server) -> None:
    assert house.get("/echo", "X-Other: 1").json()["agentmesh.forwarded"] is False


def test_a_trusted_proxy_says_where_it_came_from(proxied_house: Server) -> None:
    seen = proxied_house.get(
        "/echo",
        "X-Forwarded-Proto: https",
        "X-Forwarded-For: 6.6.6.6, 9.9.9.9, 10.1.2.3",
    ).json()
    assert seen["wsgi.url_scheme"] == "https"
    assert seen["REMOTE_ADDR"] == "9.9.9.9"
    assert seen["agentmesh.forwarded"] is True


def test_a_trusted_proxy_may_name_the_host_but_only_an_allowed_one(proxied_house: Server) -> None:
    assert proxied_house.get("/echo", "X-Forwarded-Host: evil.example").status == 400
    assert proxied_house.get("/echo", "X-Forwarded-Host: localhost").status == 200


def test_nonsense_from_a_trusted_proxy_changes_nothing(proxied_house: Server) -> None:
    seen = proxied_house.get(
        "/echo", "X-Forwarded-For: <script>", "X-Forwarded-Proto: gopher"
    ).json()
    assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"]) == ("127.0.0.1", "http")


def test_the_underscore_spelling_is_not_believed_from_a_proxy(proxied_house: Server) -> None:
    seen = proxied_house.get("/echo", "X_Forwarded_Proto: https").json()
    assert seen["wsgi.url_scheme"] == "http"
