"""The web server of the embedded house: uvicorn's master and its workers, on sockets that the
supervisor opened and keeps (`python -m agentmesh_release.runtime.web --fd 5 --fd 6`)."""

import argparse
import multiprocessing
import socket
from typing import Any

from uvicorn import Config
from uvicorn.importer import import_from_string
from uvicorn.supervisors import Multiprocess

from .tether import die_with_parent

APPLICATION = "agentmesh_release.asgi:application"
DRAIN_S = 5


def application() -> Any:
    """The ASGI application, for a worker: a worker ends with its master."""
    master = multiprocessing.parent_process()
    if master is not None and master.pid is not None:
        die_with_parent(master.pid)
    return import_from_string(APPLICATION)


def main() -> None:
    """Serve until SIGTERM, then drain for at most DRAIN_S seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fd", type=int, action="append", required=True)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--access-log", action="store_true")
    options = parser.parse_args()
    config = Config(
        f"{__spec__.name if __spec__ else __name__}:application",
        factory=True,
        workers=options.workers,
        ws="none",
        proxy_headers=False,  # who may speak for a client is the application's own rule
        server_header=False,
        date_header=True,
        use_colors=False,
        access_log=options.access_log,
        log_level="info" if options.access_log else "warning",
        timeout_graceful_shutdown=DRAIN_S,
        timeout_worker_healthcheck=15,
    )
    Multiprocess(config, [socket.socket(fileno=fd) for fd in options.fd]).run()


if __name__ == "__main__":
    main()
