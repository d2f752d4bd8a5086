"""The control page's front door: JSON for programs, forms for people, both guarded."""

import json
import re
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from .. import clock, messages, registration
from ..git.cloning import NotARepository
from ..journal import Cause
from ..routing import Call, Routes
from ..sandbox import Sandbox
from ..wire import BadBody, Json, Request, Response, as_html, as_json, as_text, see_other
from . import (
    acts,
    alertacts,
    html,
    productionacts,
    provideracts,
    pullacts,
    sentences,
    state,
    static,
    tokens,
    trunkacts,
)
from .values import Wrong, flag, text

routes = Routes("/_control")
# Their acts are known by being imported.
ACTING = (trunkacts, pullacts, productionacts, provideracts, alertacts)
REFRESH = re.compile(r"repositories/([^/]+)/refresh")


def refuse(status: int, headers: Mapping[str, str]) -> Response:
    """Never asked for: the control page has no faults."""
    return as_json({"error": "refused"}, status, headers)


def answer(sandbox: Sandbox, request: Request) -> Response:
    """Answer one call below /_control."""
    if request.method == "POST":
        return _post(sandbox, request)
    found = routes.find(request)
    if found is None:
        return as_json({"error": "There is nothing here."}, 404)
    handler, params = found
    return handler(Call(sandbox, request, params))


def _is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")


def _post(sandbox: Sandbox, request: Request) -> Response:
    """JSON cannot be sent across origins without asking first; a form needs the page's token."""
    is_form = _is_form(request)
    if not _same_origin(request):
        return as_json({"error": "The request comes from another page."}, 403)
    try:
        values: Json = dict(request.form()) if is_form else request.json()
    except BadBody as error:
        return as_json({"error": str(error)}, 400)
    if is_form and not tokens.is_valid(sandbox, str(values.pop("csrf", ""))):
        return as_json({"error": "The form's token is missing or old. Reload the page."}, 403)
    if not is_form and "json" not in request.headers.get("content-type", ""):
        return as_json({"error": "Send JSON or a form."}, 415)
    return _done(sandbox, request, values, is_form=is_form)


def _same_origin(request: Request) -> bool:
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        return False
    return request.headers.get("sec-fetch-site", "none") in ("none", "same-origin")


def _done(sandbox: Sandbox, request: Request, values: Json, *, is_form: bool) -> Response:
    path = request.path.removeprefix("/_control/").rstrip("/")
    cause = Cause(request.id, "control")
    try:
        if path == "repositories":
            return _register(sandbox, cause, values)
        if named := REFRESH.fullmatch(path):
            path, values = "repositories/refresh", values | {"project": named[1]}
        facts = acts.perform(sandbox, path, cause, values)
    except LookupError:
        return as_json({"error": "There is no such act."}, 404)
    except Wrong as error:
        if is_form:
            return _back(values, f"!{error}")
        return as_json({"error": str(error)}, 422)
    if is_form:
        return _back(values, sentences.sentence(path, values, facts))
    return as_json(facts)


def _back(values: Json, sentence: str) -> Response:
    """To the page, with a sentence that is kept here: the address carries its key alone."""
    query = urlencode({"project": str(values.get("project", "")), "notice": tokens.leave(sentence)})
    return see_other(f"/_control/?{query}")


def _register(sandbox: Sandbox, cause: Cause, values: Json) -> Response:
    try:
        facts, is_new = registration.register(
            sandbox,
            text(values, "path"),
            text(values, "name"),
            cause,
            fetch=flag(values, "refresh"),
        )
    except (NotARepository, Wrong) as error:
        return as_json({"error": str(error)}, 422)
    return as_json(facts, 201 if is_new else 200)


@routes.get("")
@routes.get("/")
def page(call: Call) -> Response:
    """The page."""
    ask = call.request.first
    content = html.page(call.sandbox, tokens.take(ask("notice")), ask("project"))
    return as_html(content)


@routes.get("/style.css")
def style(call: Call) -> Response:
    """Its stylesheet."""
    return Response(200, static.stylesheet(), "text/css; charset=utf-8")


@routes.get("/static/{name}")
def drawing(call: Call) -> Response:
    """The product's icons."""
    found = static.file(call.params["name"])
    return Response(200, *found) if found else as_json({"error": "There is nothing here."}, 404)


@routes.get("/livez")
def livez(call: Call) -> Response:
    """The sandbox answers."""
    return as_text("ok")


@routes.get("/state")
def whole_state(call: Call) -> Response:
    """Everything as JSON."""
    return as_json(state.document(call.sandbox))


@routes.get("/faults")
def faults(call: Call) -> Response:
    """The standing faults."""
    return as_json({"faults": [vars(one) for one in call.sandbox.faults.all()]})


def _since(call: Call) -> int:
    value = call.request.first("since", "0")
    return int(value) if value.isascii() and value.isdigit() else 0


@routes.get("/journal")
def journal(call: Call) -> Response:
    """The effective acts, oldest first."""
    ask = call.request.first
    events = call.sandbox.journal.read(
        vendor=ask("vendor"), kind=ask("kind"), project=ask("project"), since=_since(call)
    )
    return as_json({"events": events})


@routes.get("/messages")
def sent(call: Call) -> Response:
    """What went out by Slack, PagerDuty and mail, newest first."""
    rows = [dict(row) for row in messages.newest(call.sandbox, 200)]
    found = [row | {"body": json.loads(row["body"]), "at": clock.iso_ms(row["at"])} for row in rows]
    return as_json({"messages": found})


@routes.get("/requests")
def requests(call: Call) -> Response:
    """The calls that came in, and their counts."""
    ask = call.request.first
    found = call.sandbox.requests.read(
        vendor=ask("vendor"), method=ask("method").upper(), path=ask("path"), since=_since(call)
    )
    return as_json(found)
