"""The HTTP server: loopback only, a thread per connection, so that a hanging call hangs alone."""

import logging
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from . import clock, ids
from .faults import Fault
from .misbehaviour import Cut, misbehave
from .sandbox import Sandbox
from .schedule import settle
from .vendors import VENDORS, Vendor
from .wire import Request, Response, as_text, see_other

log = logging.getLogger("sandbox")
MAX_BODY = 64 * 1024 * 1024
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})


class BadRequest(Exception):
    """The bytes on the wire are not a request that can be read."""


class Server(ThreadingHTTPServer):
    """One listening socket; `sandbox` is shared by all of them."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, Handler)

    def server_bind(self) -> None:
        """Bind without the reverse look-up of the standard class."""
        if self.address_family == socket.AF_INET6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = "localhost", self.socket.getsockname()[1]

    def start(self) -> None:
        """Answer from now on, in a thread."""
        threading.Thread(target=self.serve_forever, args=(0.1,), daemon=True).start()

    def stop(self) -> None:
        """Take no more calls; those under way end with the process."""
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no event."""
        log.debug("connection from %s broke", client_address, exc_info=True)


def listen(sandbox: Sandbox, port: int) -> list[Server]:
    """Servers on 127.0.0.1 and, where there is one, ::1. Raises OSError when the port is busy."""
    servers = [Server(("127.0.0.1", port), sandbox)]
    try:
        servers.append(Server(("::1", servers[0].server_port), sandbox))
    except OSError:
        log.info("no ::1 here; listening on 127.0.0.1 only")
    return servers


class Handler(BaseHTTPRequestHandler):
    """Reads one request, lets the right vendor answer, writes the response."""

    protocol_version = "HTTP/1.1"
    server_version = "AgentMeshSandbox"
    sys_version = ""
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = 120
    server: Server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Quiet: the request log is at /_control/requests."""

    def answer(self) -> None:
        """Handle one request of any method."""
        try:
            request = self._read()
        except BadRequest as error:
            self.close_connection = True
            self._send(as_text(f"{error}\n", 400))
            return
        try:
            self._send(respond(self.server.sandbox, request), head=request.method == "HEAD")
        except Cut as cut:
            self.wfile.write(cut.part)
            self.wfile.flush()
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815

    def _read(self) -> Request:
        parts = urlsplit(self.path)
        query = parse_qs(parts.query, keep_blank_values=True)
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Request(
            ids.request(), self.command, parts.path, query, headers, self._body(), clock.now_ms()
        )

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._chunks()
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > MAX_BODY:
            raise BadRequest("The body is too large or its length is not a number.")
        return self.rfile.read(int(length))

    def _chunks(self) -> bytes:
        body = b""
        while True:
            try:
                size = int(self.rfile.readline(20).split(b";")[0], 16)
            except ValueError as error:
                raise BadRequest("The body is not chunked as it says.") from error
            body += self.rfile.read(size)
            self.rfile.readline(3)
            if size == 0:
                return body
            if len(body) > MAX_BODY:
                raise BadRequest("The body is too large.")

    def _send(self, response: Response, *, head: bool = False) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.content_type:
            self.send_header("Content-Type", response.content_type)
        if response.status not in (204, 304):
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if not head:
            self.wfile.write(response.body)


def is_local(host: str) -> bool:
    """Whether a Host header names this machine: anything else is a page that was rebound to us."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    return name.lower() in LOCAL_NAMES


def respond(sandbox: Sandbox, request: Request) -> Response:
    """The answer to one request. Raises Cut when a fault wants the connection to break."""
    if not is_local(request.headers.get("host", "")):
        return as_text("This sandbox answers to localhost only.\n", 421)
    if request.path == "/":
        return see_other("/_control/")
    vendor = next((one for one in VENDORS if one.owns(request.path)), None)
    if vendor is None:
        return as_text("Nothing lives here. The control page is /_control/\n", 404)
    settle(sandbox)
    return _through_faults(sandbox, vendor, request)


def _through_faults(sandbox: Sandbox, vendor: Vendor, request: Request) -> Response:
    path = request.path.removeprefix(vendor.prefix)
    fault = sandbox.faults.take(vendor.name, request.method, path) if vendor.can_fail else None
    status = 0
    try:
        response = _answer(sandbox, vendor, request, fault)
        status = response.status
        return response
    finally:
        sandbox.requests.add(vendor.name, request, status, fault.kind if fault else "")


def _answer(sandbox: Sandbox, vendor: Vendor, request: Request, fault: Fault | None) -> Response:
    try:
        if fault is not None:
            return misbehave(sandbox, vendor, request, fault)
        return vendor.answer(sandbox, request)
    except Cut:
        raise
    except Exception:
        log.exception("%s %s cannot be answered", request.method, request.path)
        return vendor.refuse(500, {})
