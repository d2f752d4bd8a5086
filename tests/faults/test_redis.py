"""A house on Redis: it may be emptied or gone at any time, and nothing is lost with it."""

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis, RedisError

from agentmesh_release.runtime.postgres import tethered
from tests import tools
from tests.watching import soon

from .boundaries import Barrier, boundaries
from .judging import promoted, rolled_back
from .town import Town

pytestmark = pytest.mark.faults

PORT, BROKER_PORT = 18840, 18890


class Broker:
    """A Redis or Valkey of our own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"redis://127.0.0.1:{BROKER_PORT}/0"

    def start(self) -> None:
        words = ["--port", str(BROKER_PORT), "--bind", "127.0.0.1", "--save", ""]
        command = tethered([tools.need("Redis or Valkey"), *words], orphaned=signal.SIGKILL)
        self.process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL)
        assert soon(self.answers)

    def answers(self) -> bool:
        with Redis.from_url(self.url) as client:
            try:
                return bool(client.ping())
            except RedisError:
                return False

    def flush(self) -> None:
        with Redis.from_url(self.url) as client:
            client.flushall()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    made = Broker(tmp_path_factory.mktemp("redis"))
    try:
        made.start()
        yield made
    finally:
        made.kill()


@pytest.fixture(scope="module")
def town(broker: Broker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    made = Town(tmp_path_factory.mktemp("redis town"), PORT, REDIS_URL=broker.url)
    try:
        made.open()
        yield made
    finally:
        made.close()


def test_it_is_flushed_at_every_boundary(town: Town, broker: Broker) -> None:
    for kind, start, ended in (
        ("promotion", town.promote, promoted),
        ("rollback", town.roll_back, rolled_back),
    ):
        begin = town.journal_end()
        barrier = Barrier(town, *boundaries(kind))
        operation = start()
        for boundary in boundaries(kind):
            barrier.wait(boundary)
            broker.flush()
            barrier.let_go(boundary)
        ended(town, operation, begin)
        barrier.close()


def test_promotion_and_rollback_work_without_it(town: Town, broker: Broker) -> None:
    broker.kill()
    begin = town.journal_end()
    promoted(town, town.promote(), begin)
    begin = town.journal_end()
    rolled_back(town, town.roll_back(), begin)
    broker.start()


def test_a_worker_that_starts_without_it_works_too(town: Town, broker: Broker) -> None:
    broker.kill()
    killed = town.house.rooms("worker")[0]
    killed.kill()
    begin = town.journal_end()
    promoted(town, town.promote(), begin)
    begin = town.journal_end()
    rolled_back(town, town.roll_back(), begin)
    broker.start()
