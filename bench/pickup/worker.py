"""The real worker, with one more task: it says how long its message was on the way."""

import socket
import time

from agentmesh_release.celery import app


@app.task(name="bench.pickup")
def pickup(sent_ns: int, port: int) -> None:
    late_ns = time.time_ns() - sent_ns
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.sendto(str(late_ns).encode(), ("127.0.0.1", port))
