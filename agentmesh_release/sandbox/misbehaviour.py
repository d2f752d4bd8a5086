"""What a fault does to one call."""

from dataclasses import replace
from http import HTTPStatus

from . import clock
from .faults import Fault
from .sandbox import Sandbox
from .schedule import settle
from .vendors import Vendor
from .wire import Request, Response, as_html

PROXY_PAGE = (
    "<!doctype html><html><head><title>Please wait</title></head>"
    "<body><h1>Checking your connection</h1></body></html>"
)


class Cut(Exception):
    """Break the connection after `part` of an answer (nothing: no answer at all)."""

    def __init__(self, part: bytes = b"") -> None:
        super().__init__("cut")
        self.part = part


def misbehave(sandbox: Sandbox, vendor: Vendor, request: Request, fault: Fault) -> Response:
    """Answer as the fault says. Raises Cut.

    A status, `html`, `hang`, `drop` and `rate_limited` do not act; `half` and `late` act and then
    lose the answer; `slow` acts after its time, whether or not somebody still waits; `broken_off`
    is a 502 after which part of an upload may be there (FACTS 1.7).
    """
    match fault.kind:
        case "hang":
            _hang(sandbox, fault)
            raise Cut
        case "slow":
            _hang(sandbox, fault)
            settle(sandbox)
            return vendor.answer(sandbox, request)
        case "drop":
            raise Cut
        case "late":
            vendor.answer(sandbox, request)
            raise Cut
        case "broken_off":
            vendor.answer(sandbox, replace(request, broke_off=True))
            return vendor.refuse(502, {})
        case "half":
            raise Cut(_half(vendor.answer(sandbox, request)))
        case "html":
            return as_html(PROXY_PAGE)
        case "rate_limited":
            return vendor.refuse(429 if vendor.name != "github" else 403, _limits(fault))
        case status:
            return vendor.refuse(int(status), _retry(int(status), fault))


def _hang(sandbox: Sandbox, fault: Fault) -> None:
    until = clock.now_ms() + fault.seconds * 1000
    while clock.now_ms() < until and sandbox.faults.stands(fault):
        if sandbox.stopping.wait(0.1):
            return


def _half(response: Response) -> bytes:
    reason = HTTPStatus(response.status).phrase
    head = (
        f"HTTP/1.1 {response.status} {reason}\r\nContent-Type: {response.content_type}\r\n"
        f"Content-Length: {len(response.body)}\r\n\r\n"
    )
    return head.encode() + response.body[: len(response.body) // 2]


def _retry(status: int, fault: Fault) -> dict[str, str]:
    return {"Retry-After": str(max(1, round(fault.seconds)))} if status == 429 else {}


def _limits(fault: Fault) -> dict[str, str]:
    reset = clock.now_ms() // 1000 + max(1, round(fault.seconds))
    return {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(reset)}
