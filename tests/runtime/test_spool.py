"""The embedded broker: files, renamed, in a folder that may vanish."""

import multiprocessing
import shutil
import threading
from pathlib import Path
from queue import Empty
from typing import Any

from kombu import Connection, Exchange, Queue

import agentmesh_release.core.publishing  # noqa: F401  (names the transport)
from agentmesh_release.runtime import spool

QUEUE = Queue("operations", Exchange(""), routing_key="operations")


def publish(folder: Path, *numbers: int) -> None:
    with Connection(spool.url(folder)) as connection:
        producer = connection.Producer()
        for number in numbers:
            producer.publish(number, exchange="", routing_key="operations", serializer="json")


def drain(folder: Path, into: list[Any]) -> None:
    """Take everything that waits."""
    with Connection(spool.url(folder)) as connection:
        channel: Any = connection.channel()
        while True:
            try:
                message = channel.message_to_python(channel._get("operations"))
            except Empty:
                return
            into.append(message.decode())


def taken(folder: Path) -> list[Any]:
    into: list[Any] = []
    drain(folder, into)
    return into


def test_messages_are_taken_in_order(tmp_path: Path) -> None:
    publish(tmp_path, *range(20))
    assert taken(tmp_path) == list(range(20))


def test_a_path_with_spaces_and_percents_works(tmp_path: Path) -> None:
    folder = tmp_path / "a b%20ü"
    publish(folder, 1)
    assert folder.exists()
    assert taken(folder) == [1]


def test_a_folder_deleted_at_any_moment_comes_back(tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    assert taken(folder) == []
    publish(folder, 1)
    shutil.rmtree(folder)
    assert taken(folder) == []
    publish(folder, 2)
    assert taken(folder) == [2]


def test_publishing_survives_a_folder_that_keeps_vanishing(tmp_path: Path) -> None:
    folder, stop = tmp_path / "spool", threading.Event()

    def vandal() -> None:
        while not stop.is_set():
            shutil.rmtree(folder, ignore_errors=True)

    vandals = threading.Thread(target=vandal)
    vandals.start()
    publish(folder, *range(200))
    drain(folder, [])
    stop.set()
    vandals.join()
    publish(folder, 7)
    assert taken(folder)[-1] == 7


def test_nobody_takes_a_message_twice_or_half(tmp_path: Path) -> None:
    readers = [multiprocessing.get_context("spawn").Pool(1) for _ in range(2)]
    publish(tmp_path, *range(300))
    results = [reader.apply_async(taken, [tmp_path]) for reader in readers]
    numbers = sorted(number for result in results for number in result.get(30))
    for reader in readers:
        reader.terminate()
        reader.join()
    assert numbers == list(range(300))


def test_what_an_earlier_run_left_is_thrown_away(tmp_path: Path) -> None:
    publish(tmp_path / "spool", 1)
    spool.empty(tmp_path / "spool")
    assert taken(tmp_path / "spool") == []


def test_purging_says_how_many(tmp_path: Path) -> None:
    publish(tmp_path, 1, 2, 3)
    with Connection(spool.url(tmp_path)) as connection:
        assert QUEUE(connection.default_channel).purge() == 3
    assert taken(tmp_path) == []


def test_a_draft_is_nobodys_message(tmp_path: Path) -> None:
    publish(tmp_path, 1)
    (tmp_path / "operations" / ".half").write_text('{"bo')
    assert taken(tmp_path) == [1]
    assert taken(tmp_path) == []
