"""A server between a client and the sandbox, so that a test sees what was really said."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

from tests.providers.stub import Seen, Talk, reply

HOP_BY_HOP = {"accept-encoding", "connection", "content-length", "server", "transfer-encoding"}


@dataclass
class Relay:
    """Passes requests on to `target` and keeps each with the answer's status and data."""

    target: str
    exchanges: list[tuple[Seen, int, object]] = field(default_factory=list)

    def __call__(self, seen: Seen) -> Talk:
        connection = HTTPConnection(urlsplit(self.target).netloc, timeout=10)
        url = f"{seen.raw_path}?{urlencode(seen.query)}"
        given = {
            k: v for k, v in seen.headers.items() if k not in {"accept-encoding", "connection"}
        }
        try:
            connection.request(seen.method, url, seen.body, given)
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        self.exchanges.append((seen, answer.status, json.loads(body) if body else None))
        skip = {"connection", "content-length", "transfer-encoding", "server"}
        headers = {
            k.lower().replace("-", "_"): v for k, v in answer.getheaders() if k.lower() not in skip
        }
        content_type = headers.pop("content_type", "application/json")
        link = headers.pop("link", "").replace(self.target, f"http://{given['host']}")
        more = {"link": link} if link else {}
        return reply(status=answer.status, body=body, content_type=content_type, **headers, **more)
