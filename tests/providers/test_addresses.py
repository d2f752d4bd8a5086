"""Addresses that people type in."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmesh_release.providers.addresses import AddressGuard, Endpoint, is_public, resolve
from agentmesh_release.providers.http import Http, ProviderError
from tests.providers.stub import Stub, reply

Make = Callable[..., Http]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255",
        "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.1",
        "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fec0::1", "fc00::1", "fdff::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::",
        "2001:0:1::1", "100::1",
    ],
)  # fmt: skip
def test_what_is_not_public_is_refused(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.255.255", "100.128.0.1", "192.167.255.255",
     "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::"],
)  # fmt: skip
def test_what_is_public_is_let_through(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@given(st.ip_addresses())
def test_nothing_passes_that_python_calls_private(
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if is_public(ip) and not isinstance(ip, ipaddress.IPv6Address):
        assert not ip.is_private
        assert not ip.is_multicast


@given(st.ip_addresses(v=4))
def test_an_address_is_judged_alike_in_ipv6_clothes(ip: ipaddress.IPv4Address) -> None:
    mapped = ipaddress.IPv6Address(f"::ffff:{ip}")
    assert is_public(mapped) == is_public(ip)


@pytest.mark.parametrize(
    "url",
    ["http://a.example", "ftp://a.example", "//a.example", "https://", "https://[bad", "a.example",
     "https://u:p@a.example", "https://u@a.example", "https://a.example:99999", "javascript:1", ""],
)  # fmt: skip
def test_only_plain_https_urls_are_taken(url: str) -> None:
    with pytest.raises(ProviderError) as caught:
        AddressGuard().check_url(url)
    assert caught.value.permanent


def test_a_good_url_gives_its_host() -> None:
    assert AddressGuard().check_url("https://hooks.example:8443/x?y=1") == "hooks.example"


def test_one_private_address_refuses_the_whole_name() -> None:
    ends = [Endpoint(socket.AF_INET, (ip, 443)) for ip in ("1.1.1.1", "10.0.0.1")]
    with pytest.raises(ProviderError, match=r"leads to 10\.0\.0\.1"):
        AddressGuard().check("hooks.example", ends)


def test_an_operator_can_allow_networks() -> None:
    guard = AddressGuard(["10.1.0.0/16", "127.0.0.1"])
    assert guard.admits(ipaddress.ip_address("10.1.2.3"))
    assert guard.admits(ipaddress.ip_address("::ffff:127.0.0.1"))
    assert not guard.admits(ipaddress.ip_address("10.2.0.1"))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1"])
def test_no_spelling_of_loopback_is_connected_to(stub: Stub, http: Make, host: str) -> None:
    client = http(guard=AddressGuard())
    client.base_url = f"http://{host}:{stub.port}"
    with pytest.raises(ProviderError, match="not public"):
        client.get("/secret")
    assert stub.seen == []


def test_the_checked_address_is_the_one_connected_to(stub: Stub, http: Make) -> None:
    stub.say(reply("there"))
    assert http(guard=AddressGuard(["127.0.0.1"])).get("/thing").data == "there"


def test_a_name_that_changes_after_it_was_checked_leads_nowhere_else(
    stub: Stub, http: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the second answer would be another address, so there is no second question."""
    real, answers = socket.getaddrinfo, iter(["127.0.0.1", "127.0.0.2", "127.0.0.2"])
    monkeypatch.setattr(socket, "getaddrinfo", lambda _host, *rest: real(next(answers), *rest))
    client = http(guard=AddressGuard(["127.0.0.1"]), attempts=1)
    client.base_url = f"http://rebinding.example:{stub.port}"
    stub.say(reply("there"))
    assert client.get("/thing").data == "there"


def test_a_guarded_call_follows_no_redirect_inwards(stub: Stub, http: Make) -> None:
    stub.say(reply({}, 302, location="http://169.254.169.254/latest/meta-data"))
    with pytest.raises(ProviderError, match="not followed"):
        http(guard=AddressGuard(["127.0.0.1"])).get("/thing")


@pytest.mark.parametrize("host", ["nowhere.invalid", "a..b", "x" * 70 + ".example"])
def test_a_name_that_cannot_be_resolved_is_an_ordinary_error(host: str) -> None:
    with pytest.raises(OSError):  # noqa: PT011 - any of its kinds
        resolve(host, 443, 5)


@pytest.mark.parametrize(
    ("url", "address", "admitted"),
    [
        ("http://prometheus.internal", "10.1.2.3", True),
        ("http://prometheus.internal", "93.184.216.34", False),
        ("http://prometheus.internal", "192.168.1.1", False),
        ("https://prometheus.example.com", "93.184.216.34", True),
        ("https://prometheus.example.com", "10.1.2.3", True),
        ("https://prometheus.example.com", "127.0.0.1", False),
    ],
)
def test_a_token_goes_in_plain_http_only_where_an_operator_allowed_it(
    url: str, address: str, admitted: bool
) -> None:
    guard = AddressGuard.of(url, ["10.0.0.0/8"])
    assert guard.admits(ipaddress.ip_address(address)) is admitted
