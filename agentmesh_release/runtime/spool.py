"""The embedded broker: Celery messages as files in a folder.

kombu's filesystem transport, made safe for many processes: a message is written aside, published
by rename and claimed by rename, so nobody reads half of one and nobody reads one twice. The folder
may vanish at any moment and comes back with the next message; what is lost, the sweep finds.
"""

import os
import secrets
import shutil
import time
from pathlib import Path
from queue import Empty
from typing import Any
from urllib.parse import quote

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

POLL_S = 0.01


def url(folder: Path) -> str:
    """The broker URL of a folder."""
    return f"spool://{quote(str(folder.absolute()))}"


def empty(folder: Path) -> None:
    """Throw away what an earlier run left; to be called before anyone works from the folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)


class Channel(filesystem.Channel):
    """One folder a queue; a message's name tells its turn."""

    def _folder(self, queue: str) -> Path:
        root = self.connection.client.virtual_host  # type: ignore[union-attr]  # the URL's path
        return Path("/", root, queue)

    def _put(  # type: ignore[override]  # kombu's own bases disagree
        self, queue: str, payload: dict[str, Any], **_: Any
    ) -> None:
        name, folder = f"{time.time_ns():020}-{secrets.token_hex(4)}", self._folder(queue)
        text = dumps(payload)
        for _attempt in range(3):
            try:
                folder.mkdir(parents=True, exist_ok=True)
                (folder / f".{name}").write_text(text)
                (folder / f".{name}").rename(folder / name)
            except (FileNotFoundError, FileExistsError):
                continue  # the folder was deleted under us
            return

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        folder = self._folder(queue)
        for name in _waiting(folder):
            claimed = folder / f".{name}.{os.getpid()}"
            try:
                (folder / name).rename(claimed)
                text = claimed.read_text()
                claimed.unlink()
            except OSError:
                continue  # somebody else was quicker, or the folder is gone or spoilt
            return loads(text)
        raise Empty

    def _size(self, queue: str) -> int:
        return len(_waiting(self._folder(queue)))

    def _purge(self, queue: str) -> int:
        waiting = _waiting(self._folder(queue))
        shutil.rmtree(self._folder(queue), ignore_errors=True)
        return len(waiting)

    def _delete(self, queue: str, *_args: Any, **_kwargs: Any) -> None:
        self._purge(queue)


class Transport(filesystem.Transport):
    """`spool:///absolute/folder`."""

    Channel = Channel
    polling_interval = POLL_S
    driver_type = driver_name = "spool"
    default_connection_params = {"port": 0, "hostname": ""}  # a folder has none to warn of

    def drain_events(  # type: ignore[override]  # as above
        self, connection: Any, timeout: float | None = None
    ) -> None:
        """Come back often: only between two calls does the worker acknowledge and take more."""
        super().drain_events(connection, timeout=min(timeout or POLL_S, POLL_S))


def _waiting(folder: Path) -> list[str]:
    try:
        return sorted(
            name
            for name in os.listdir(folder)  # noqa: PTH208  (100 times a second)
            if not name.startswith(".")
        )
    except OSError:  # gone or spoilt; a worker that falls over that would take its sweep along
        return []
