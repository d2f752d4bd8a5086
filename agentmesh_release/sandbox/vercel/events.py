"""A build's log."""

from ..routing import Call, Routes
from ..wire import Json, Response, as_json
from . import deployments
from .deployments import Deployment
from .doors import not_found

routes = Routes()


def lines(one: Deployment) -> list[tuple[int, str, str]]:
    """What was said when: time, kind, text."""
    said = [(one.created_at, "stdout", f"Cloning {one.sha[:7]} of {one.ref}")]
    if one.building_at:
        said.append((one.building_at, "command", "npm run build"))
    if one.ready_at and one.state == "ERROR":
        said.append((one.ready_at, "stderr", "src/app/page.tsx: Type error: 'plan' is not there."))
        said.append((one.ready_at, "stderr", 'Error: Command "npm run build" exited with 1'))
    elif one.ready_at:
        said.append((one.ready_at, "stdout", "Build Completed in /vercel/output"))
    return said


@routes.get("/v3/deployments/{id}/events")
def index(call: Call) -> Response:
    """The lines as an array; never followed."""
    one = deployments.find(call.sandbox, call.params["id"])
    if one is None:
        return not_found("Deployment")
    items: list[Json] = [
        {
            "type": kind,
            "created": at,
            "payload": {
                "deploymentId": one.id,
                "id": f"{at}{number:06d}",
                "date": at,
                "serial": f"{at}{number:06d}",
                "text": text,
            },
        }
        for number, (at, kind, text) in enumerate(lines(one))
    ]
    if call.request.first("direction") == "backward":
        items.reverse()
    limit = call.request.first("limit")
    return as_json(items[: int(limit)] if limit.isdigit() and int(limit) > 0 else items)
