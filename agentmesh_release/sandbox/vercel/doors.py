"""What several of Vercel's routes need: who calls, and the usual refusals."""

import hashlib

from ..journal import Cause
from ..routing import Call
from ..wire import Response, as_json
from . import shapes


def cause_of(call: Call) -> Cause:
    """The caller, by a fingerprint of the token (the token itself never rests)."""
    mark = hashlib.sha256(call.request.bearer().encode()).hexdigest()[:8]
    return Cause(call.request.id, f"token:{mark}")


def not_found(thing: str) -> Response:
    """404 in Vercel's words."""
    return as_json(shapes.error("not_found", f"{thing} not found"), 404)
