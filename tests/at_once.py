"""Doing several things at the same instant."""

import threading
from collections.abc import Callable

from django.db import connections

from agentmesh_release.core.refusals import Refused


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run the acts at the same instant, each on a connection of its own; answers, in their order,
    what each was refused with, the error that it ended with, or `done`."""
    barrier = threading.Barrier(len(acts))
    ends = [""] * len(acts)

    def one(place: int, act: Callable[[], object]) -> None:
        barrier.wait(10)
        try:
            act()
            ends[place] = "done"
        except Refused as refusal:
            ends[place] = refusal.sentence
        except Exception as error:  # noqa: BLE001  the test looks at it
            ends[place] = repr(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends
