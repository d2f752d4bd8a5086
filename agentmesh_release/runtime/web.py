"""The web server's master and its workers, on sockets that the supervisor opened and keeps.

    python -m agentmesh_release.runtime.web --fd 5 --fd 6 --app MODULE:NAME --http MODULE:CLASS

Unlike in `agentmesh_release.core.edge` there is always a master, which replaces a
worker that died or hangs, and connections wait in the sockets' queue meanwhile.
"""

import argparse
import functools
import logging
import multiprocessing
import socket
from typing import Any

from uvicorn import Config
from uvicorn.importer import import_from_string
from uvicorn.supervisors import Multiprocess

from .tether import die_with_parent

DRAIN_S = 8
HUNG_S = 15
# However the web server is started: on its own uvicorn would believe forwarding headers from this
# machine, wait for ever for open streams before it stops, and speak WebSocket.
OPTIONS: dict[str, Any] = {
    "ws": "none",
    "lifespan": "on",
    "proxy_headers": False,
    "server_header": False,
    "access_log": False,
    "log_config": None,
    "timeout_graceful_shutdown": DRAIN_S,
}


def application(name: str) -> Any:
    """The ASGI application of that name, for a worker: a worker ends with its master."""
    master = multiprocessing.parent_process()
    if master is not None and master.pid is not None:
        die_with_parent(master.pid)
    return import_from_string(name)


def main() -> None:
    """Serve until SIGTERM, then drain for at most DRAIN_S seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fd", type=int, action="append", required=True)
    parser.add_argument("--app", required=True)
    parser.add_argument("--http", required=True)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    logging.basicConfig(format="%(message)s", level=logging.INFO)
    config = Config(
        functools.partial(application, options.app),
        factory=True,
        http=import_from_string(options.http),
        workers=options.workers,
        timeout_worker_healthcheck=HUNG_S,
        **OPTIONS,
    )
    Multiprocess(config, [socket.socket(fileno=fd) for fd in options.fd]).run()


if __name__ == "__main__":
    main()
