"""Freezing a worker of this process where one likes, and what happens elsewhere meanwhile."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from django.db import Error, connection, connections

from agentmesh_release.core import operations
from agentmesh_release.core.models import Operation

from .dying import Moment
from .journey import hasten


def elsewhere(act: Callable[[], object]) -> None:
    """Let it happen as in another process: on a thread with a connection of its own, to its end.

    What goes wrong there is no error of the worker that is frozen meanwhile.
    """
    errors: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except BaseException as error:  # noqa: BLE001  raised again below
            errors.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if errors:
        raise AssertionError("what happened meanwhile went wrong") from errors[0]


@contextmanager
def frozen_in_the_act(
    act: str, function: str, event: str, meanwhile: Callable[[], None]
) -> Iterator[None]:
    """Freeze this thread once, after `act` was called, where `function` (qualified names, both) is
    called or returns."""
    acting = False

    def watch(frame: FrameType, seen: str, _argument: object) -> None:
        nonlocal acting
        name = frame.f_code.co_qualname
        acting = acting or name == act
        if acting and (name, seen) == (function, event):
            sys.setprofile(None)
            meanwhile()

    sys.setprofile(watch)
    try:
        yield
    finally:
        sys.setprofile(None)


class Patience(threading.local):
    """How long PostgreSQL lets a transaction be idle: shorter for the worker that will freeze, as
    usual for everybody else, who may be slow on a busy machine."""

    is_short = False

    def __init__(self, short: str, usual: str) -> None:
        self.short, self.usual = short, usual

    def __str__(self) -> str:
        return self.short if self.is_short else self.usual


URGENT, USUAL = Patience("200ms", "5s"), Patience("300ms", "15s")


@contextmanager
def impatience() -> Iterator[None]:
    """This thread may freeze: nobody waits long for what it holds."""
    URGENT.is_short = USUAL.is_short = True
    try:
        yield
    finally:
        URGENT.is_short = USUAL.is_short = False


def freeze_before(operation: Operation, query: int, meanwhile: Callable[[], None]) -> bool:
    """Work on the operation; right before the n-th query freeze, while something happens elsewhere,
    then wake up and go on. Answers whether it came to that."""
    moment = Moment(query, lambda: elsewhere(meanwhile))
    while operation.is_active and not moment.came:
        hasten(operation)
        # PostgreSQL ends the session of who freezes with locks in its hands.
        with suppress(Error), impatience(), connection.execute_wrapper(moment):
            operations.run(operation.pk)
        connection.close()  # and with it the short patience
        operation.refresh_from_db()
    return moment.came
