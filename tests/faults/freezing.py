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
    """Let it happen as in another process: on a thread with a connection of its own, to its end."""
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
        raise errors[0]


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


def freeze_before(operation: Operation, query: int, meanwhile: Callable[[], None]) -> bool:
    """Work on the operation; right before the n-th query freeze, while something happens elsewhere,
    then wake up and go on. Answers whether it came to that."""
    moment = Moment(query, lambda: elsewhere(meanwhile))
    while operation.is_active and not moment.came:
        hasten(operation)
        # PostgreSQL ends the session of who freezes with locks in its hands.
        with suppress(Error), connection.execute_wrapper(moment):
            operations.run(operation.pk)
        connection.close_if_unusable_or_obsolete()
        operation.refresh_from_db()
    return moment.came
