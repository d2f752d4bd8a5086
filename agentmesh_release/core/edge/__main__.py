"""Runs the web server: `python -m agentmesh_release.core.edge --port 8000`.

For where no supervisor of ours keeps the sockets, as in a container.
"""

import argparse
import os

import uvicorn

from agentmesh_release.runtime.web import OPTIONS

from .protocol import EdgeProtocol


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
        **OPTIONS,
    )


if __name__ == "__main__":
    main()
