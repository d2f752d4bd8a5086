"""Loopback sockets for people who type `localhost`."""

import errno
import socket

TRIED = 100
HIGHEST = 65_535
LOOPBACKS = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))


class NoPort(Exception):
    """No port is free, or the one asked for is not ours to take."""


def listen_near(port: int) -> tuple[int, list[socket.socket]]:
    """Listen on `port`, or on the next one that is free, on IPv4 and, where there is one, IPv6.

    Returns the port and the sockets, which stay open across restarts of the process that serves
    them: whoever connects meanwhile waits instead of being refused. Raises NoPort.
    """
    if not 1 <= port <= HIGHEST:
        raise NoPort(f"There is no port {port}; choose one between 1024 and {HIGHEST} (PORT=…).")
    for candidate in range(port, min(port + TRIED, HIGHEST + 1)):
        try:
            return candidate, _listen(candidate)
        except PermissionError:
            raise NoPort(f"Port {candidate} needs root; choose one above 1023 (PORT=…).") from None
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
    raise NoPort(f"None of the ports {port} to {port + TRIED - 1} is free; choose one (PORT=…).")


def free_near(port: int) -> int:
    """The first free loopback port from `port` on, for a process that binds it itself."""
    found, sockets = listen_near(port)
    for each in sockets:
        each.close()
    return found


def _listen(port: int) -> list[socket.socket]:
    made: list[socket.socket] = []
    try:
        for family, address in LOOPBACKS:
            bound = _bind(family, address, port)
            if bound is not None:
                made.append(bound)
    except OSError:
        for each in made:
            each.close()
        raise
    return made


def _bind(family: int, address: str, port: int) -> socket.socket | None:
    """A listening socket; None where the machine has no IPv6."""
    if _answers(family, address, port):  # macOS lets two sockets bind one port
        raise OSError(errno.EADDRINUSE, "somebody answers there")
    try:
        made = socket.socket(family, socket.SOCK_STREAM)
    except OSError:
        return None
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind((address, port))
        made.listen(2048)
    except OSError as error:
        made.close()
        if family == socket.AF_INET6 and error.errno == errno.EADDRNOTAVAIL:
            return None
        raise
    return made


def _answers(family: int, address: str, port: int) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.settimeout(0.2)
            return probe.connect_ex((address, port)) == 0
    except OSError:
        return False
