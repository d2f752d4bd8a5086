"""The port that was asked for, or the next one that is free."""

import socket
from collections.abc import Iterator

import pytest

from agentmesh_release.runtime.ports import LOOPBACKS, NoPort, free_near, listen_near
from tests.conftest import free_port


def _exists(family: int, address: str) -> bool:
    try:
        socket.create_server((address, 0), family=family).close()
    except OSError:
        return False
    return True


HERE = [loopback for loopback in LOOPBACKS if _exists(*loopback)]  # not all machines have IPv6


@pytest.fixture
def occupied() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_free_port_is_taken_as_asked() -> None:
    free = free_port()
    port, sockets = listen_near(free)
    try:
        assert port == free
        assert sockets[0].getsockname() == ("127.0.0.1", free)
    finally:
        _close(sockets)


def test_a_busy_port_gives_the_next_free_one(occupied: int) -> None:
    port, sockets = listen_near(occupied)
    _close(sockets)
    assert port > occupied


@pytest.mark.parametrize(("family", "address"), HERE)
def test_a_port_that_is_busy_on_one_address_alone_is_busy(family: int, address: str) -> None:
    with socket.create_server((address, 0), family=family) as server:
        busy = server.getsockname()[1]
        port, sockets = listen_near(busy)
        _close(sockets)
        assert port > busy


def test_a_port_busy_on_every_address_is_busy() -> None:
    with socket.create_server(("0.0.0.0", 0)) as server:
        assert free_near(server.getsockname()[1]) > server.getsockname()[1]


@pytest.mark.parametrize("port", [0, -1, 65_536])
def test_a_port_that_cannot_be_is_refused_with_a_sentence(port: int) -> None:
    with pytest.raises(NoPort, match="choose one"):
        listen_near(port)


def _close(sockets: list[socket.socket]) -> None:
    for each in sockets:
        each.close()
