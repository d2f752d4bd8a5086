"""A real worker process: it wakes up for messages, and goes on without a broker."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from celery import Celery
from django.db import connection

from agentmesh_release.core.models import Heartbeat
from agentmesh_release.core.publishing import Publisher, Wake, options
from agentmesh_release.runtime import spool

COMMAND = "-m celery --quiet -A agentmesh_release.celery worker --without-gossip --without-mingle"


def until(is_so: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "It was not so in time."
        time.sleep(0.05)


@contextmanager
def working(folder: Path, broker_url: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker on the tests' database and that broker."""
    name = connection.settings_dict["NAME"]
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    with (folder / "worker.log").open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, *COMMAND.split(), "--without-heartbeat", "--loglevel=WARNING"],
            env={**os.environ, "DATABASE_URL": url, "BROKER_URL": broker_url},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield worker
    finally:
        worker.send_signal(signal.SIGCONT)
        worker.terminate()
        try:
            worker.wait(15)
        finally:
            worker.kill()


def wake_beat(broker_url: str) -> None:
    """Ask for the smallest task that leaves a trace."""
    celery = Celery("waking", set_as_current=False)
    celery.add_defaults(lambda: options(broker_url))
    Publisher(celery).put(Wake("core.beat", (), "deliveries"))


def sweeps(since: object = None) -> object:
    """When it swept last, if that is later than `since`."""
    last = Heartbeat.objects.filter(part="sweep").values_list("at", flat=True).first()
    return last if last != since else None


def has_run() -> bool:
    return Heartbeat.objects.filter(part="beat").delete()[0] > 0


@pytest.mark.usefixtures("transactional_db")
class TestWorker:
    def test_it_runs_what_it_is_woken_for(self, tmp_path: Path) -> None:
        url = spool.url(tmp_path / "spool")
        with working(tmp_path, url):
            wake_beat(url)
            until(has_run)

    def test_it_survives_its_brokers_files_being_deleted(self, tmp_path: Path) -> None:
        url = spool.url(tmp_path / "spool")
        with working(tmp_path, url) as worker:
            until(sweeps)
            for _ in range(20):
                shutil.rmtree(tmp_path / "spool", ignore_errors=True)
                time.sleep(0.02)
            wake_beat(url)
            until(has_run)
            assert worker.poll() is None

    def test_it_survives_a_flushed_redis(self, tmp_path: Path, redis_url: str) -> None:
        with working(tmp_path, redis_url):
            wake_beat(redis_url)
            until(has_run)
            with Celery("flush", broker=redis_url, set_as_current=False).connection() as broker:
                channel: Any = broker.default_channel
                channel.client.flushall()
            wake_beat(redis_url)
            until(has_run)

    def test_it_sweeps_without_a_broker_and_still_stops(self, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as gone:
            url = f"redis://127.0.0.1:{gone.getsockname()[1]}/0"
        with working(tmp_path, url) as worker:
            until(sweeps)
            first = sweeps()
            until(lambda: sweeps(first))
            worker.terminate()
            worker.wait(10)
        assert "Traceback" not in (tmp_path / "worker.log").read_text()

    def test_it_stops_soon_when_told(self, tmp_path: Path) -> None:
        with working(tmp_path, spool.url(tmp_path / "spool")) as worker:
            until(sweeps)
            began = time.monotonic()
            worker.terminate()
            worker.wait(10)
            assert time.monotonic() - began < 6
        assert "Traceback" not in (tmp_path / "worker.log").read_text()
