"""Rolling releases: the demo projects have none, so the answer is always null (FACTS 2.5)."""

from .. import project as registered
from ..routing import Call, Routes
from ..wire import Response, as_json
from .doors import not_found

routes = Routes()


@routes.get("/v1/projects/{project}/rolling-release")
def show(call: Call) -> Response:
    """Nothing is being rolled out in stages."""
    owner = registered.at_vercel(call.sandbox, call.params["project"])
    return as_json({"rollingRelease": None}) if owner else not_found("Project")
