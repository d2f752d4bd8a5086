"""Runs the web server: `python -m agentmesh_release.core.edge --port 8000`.

The same options in development and production: uvicorn on its own would believe forwarding headers
from this machine, wait for open streams before it stops, and speak WebSocket.
"""

import argparse
import os

import uvicorn

from .protocol import EdgeProtocol

_DRAIN_S = 8


def main() -> None:
    parser = argparse.ArgumentParser(description="The web server of AgentMesh Release.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--fd", type=int, help="an already bound and listening socket")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--app", default="agentmesh_release.asgi:application")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agentmesh_release.settings")
    uvicorn.run(
        options.app,
        host=options.host,
        port=options.port,
        fd=options.fd,
        workers=options.workers,
        http=EdgeProtocol,
        ws="none",
        lifespan="on",
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=_DRAIN_S,
    )


if __name__ == "__main__":
    main()
