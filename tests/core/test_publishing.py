"""Publishing a wake-up, whatever state the broker is in: the one who publishes never waits."""

import base64
import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from celery import Celery

from agentmesh_release.core.publishing import Publisher, Wake, options
from agentmesh_release.runtime import spool

MANY = 3_000  # more than fit


def publisher(broker_url: str) -> Publisher:
    celery = Celery("publishing", set_as_current=False)
    celery.add_defaults(lambda: options(broker_url))
    return Publisher(celery)


def seconds_to_put(to: Publisher, wakes: int) -> float:
    began = time.monotonic()
    for number in range(wakes):
        to.put(Wake("core.run_operation", (number,)))
    return time.monotonic() - began


@contextmanager
def silent_broker() -> Iterator[str]:
    """Accepts every connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=16) as listening:
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}/0"


def waiting(folder: Path, queue: str = "operations") -> list[Path]:
    return [path for path in folder.glob(f"{queue}/*") if not path.name.startswith(".")]


def until(count: int, folder: Path, seconds: float = 5) -> int:
    deadline = time.monotonic() + seconds
    while len(waiting(folder)) < count and time.monotonic() < deadline:
        time.sleep(0.01)
    return len(waiting(folder))


def test_wakes_arrive_in_the_queue_they_name(tmp_path: Path) -> None:
    to = publisher(spool.url(tmp_path))
    for queue in ("polling", "operations"):
        to.put(Wake("core.run", (1,), queue))
    assert until(1, tmp_path) == 1
    assert len(waiting(tmp_path, "polling")) == 1


def test_a_broker_that_hangs_holds_nobody_up() -> None:
    with silent_broker() as url:
        to = publisher(url)
        assert seconds_to_put(to, 1) < 1
        time.sleep(0.1)
        assert seconds_to_put(to, MANY) < 1


def test_a_broker_that_refuses_holds_nobody_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        url = f"redis://127.0.0.1:{gone.getsockname()[1]}/0"
    assert seconds_to_put(publisher(url), MANY) < 1


def test_an_unknown_broker_holds_nobody_up() -> None:
    assert seconds_to_put(publisher("redis://nowhere.invalid/0"), MANY) < 1


def test_what_waited_too_long_is_not_sent(tmp_path: Path) -> None:
    to = publisher(spool.url(tmp_path))
    to.put(Wake("core.run_operation", (1,), at=time.monotonic() - 60))
    to.put(Wake("core.run_operation", (2,)))
    assert until(1, tmp_path) == 1
    assert b"[2]" in _body(waiting(tmp_path)[0])


def test_it_goes_on_when_the_broker_is_back(redis_url: str) -> None:
    to = publisher(redis_url)
    to.put(Wake("core.run_operation", (1,)))
    with Celery("reader", broker=redis_url, set_as_current=False).connection() as connection:
        queue = connection.SimpleQueue("operations", no_ack=True)
        queue.get(timeout=5)
        channel: Any = connection.default_channel
        channel.client.flushall()
        channel.client.client_kill_filter(_type="normal", skipme=True)
        for number in range(50):
            to.put(Wake("core.run_operation", (number,)))
        assert queue.get(timeout=5).headers["task"] == "core.run_operation"


def _body(path: Path) -> bytes:
    return base64.b64decode(json.loads(path.read_text())["body"])
