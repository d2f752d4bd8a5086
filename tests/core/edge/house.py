"""A small house on the real router: views that are slow, endless, huge or broken on purpose."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse

from agentmesh_release.core.edge.bodies import Caps
from agentmesh_release.core.edge.guards import Policy
from agentmesh_release.core.edge.hub import Caps as StreamCaps
from agentmesh_release.core.edge.hub import Hub
from agentmesh_release.core.edge.lanes import Lane
from agentmesh_release.core.edge.listener import Listener
from agentmesh_release.core.edge.proxies import networks
from agentmesh_release.core.edge.readiness import livez
from agentmesh_release.core.edge.router import Router
from agentmesh_release.core.edge.streams import Live, LiveStatus

View = Callable[[dict[str, Any]], Iterable[bytes]]


def echo(environ: dict[str, Any]) -> Iterable[bytes]:
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    seen = {key: value for key, value in environ.items() if isinstance(value, str | bool)}
    yield json.dumps({**seen, "body_bytes": len(body)}).encode()


def slow(environ: dict[str, Any]) -> Iterable[bytes]:
    time.sleep(float(environ["QUERY_STRING"] or 1))
    yield b"slept"


def endless(_environ: dict[str, Any]) -> Iterator[bytes]:
    while True:
        yield b"more\n"
        time.sleep(0.1)


def huge(_environ: dict[str, Any]) -> Iterable[bytes]:
    yield b"x" * 30_000_000


def broken(_environ: dict[str, Any]) -> Iterable[bytes]:
    raise RuntimeError("broken on purpose")


def busy_threads(_environ: dict[str, Any]) -> Iterable[bytes]:
    yield str(_busy).encode()


def page(_environ: dict[str, Any]) -> Iterable[bytes]:
    yield b"""<!doctype html><title>A page</title><body><div id=a data-live="release:42 x"></div>
    <div id=b data-live="switches"></div><script type=module src=/static/fragments.js></script>
    <script type=module src=/static/live.js></script>"""


def open_streams(_environ: dict[str, Any]) -> Iterable[bytes]:
    yield str(len(hub)).encode()


def is_lost(_environ: dict[str, Any]) -> Iterable[bytes]:
    yield str(hub.is_lost).encode()


def script(environ: dict[str, Any]) -> Iterable[bytes]:
    name = environ["PATH_INFO"].rpartition("/")[2]
    yield (Path(__file__).parents[3] / "static/js" / name).read_bytes()


VIEWS: dict[str, View] = {
    view.__name__.replace("_", "-"): view
    for view in (echo, slow, endless, huge, broken, busy_threads, page, open_streams, is_lost)
} | {"live.js": script, "fragments.js": script}
TYPES = {"page": "text/html", "live.js": "text/javascript", "fragments.js": "text/javascript"}
_busy = 0
_counting = threading.Lock()


def views(environ: dict[str, Any], start_response: StartResponse) -> Iterator[bytes]:
    global _busy
    name = environ["PATH_INFO"].strip("/").split("/")[-1]
    with _counting:
        _busy += 1
    try:
        chunks = VIEWS[name](environ)
        start_response("200 OK", [("Content-Type", TYPES.get(name, "text/plain"))])
        yield from chunks
    finally:
        with _counting:
            _busy -= 1


hub = Hub(StreamCaps(people=3, per_person=2, public=2, per_address=2), patience_s=0.5)

application = Router(
    policy=Policy(
        allowed_hosts=["localhost"],
        trusted_proxies=networks(os.environ.get("HOUSE_PROXIES", "").split()),
        caps=Caps(by_prefix={"/webhooks/github": 25_000_000}),
    ),
    native={"/livez": livez, "/live": Live(hub), "/live/status": LiveStatus(hub)},
    lanes={"": Lane(views, threads=2, wait_s=0.5, queue=4), "/switches": Lane(views, threads=1)},
    lifetimes=[hub, Listener(hub, os.environ["DATABASE_URL"])],
)
