"""Reviews: given in the sandbox; the history's pull requests have one approval each."""

from .. import clock, ids
from ..project import Project
from ..routing import Routes
from ..sandbox import Sandbox
from ..store import Row
from ..wire import Json, Response
from . import pullrequests
from .doors import NOT_FOUND, Place, Refusal, in_repository, paged, user
from .pullrequests import PullRequest

routes = Routes()
DECISIVE = ("APPROVED", "CHANGES_REQUESTED")
REVIEWERS = ("rowan", "imani", "tove")


def add(
    sandbox: Sandbox, project: Project, pull: PullRequest, login: str, state: str = "APPROVED"
) -> int:
    """Keep a review of the pull request's present head."""
    return sandbox.store.write(
        "insert into reviews (project, number, login, state, body, sha, at)"
        " values (?, ?, ?, ?, '', ?, ?)",
        project.name,
        pull.number,
        login,
        state,
        pull.head_sha,
        clock.now_ms(),
    )


def of(sandbox: Sandbox, project: Project, number: int) -> list[Row]:
    """The reviews given in the sandbox, oldest first."""
    return sandbox.store.rows(
        "select * from reviews where project = ? and number = ? order by id", project.name, number
    )


def _shape(
    place: Place, pull: PullRequest, id_: int, login: str, state: str, at: int, sha: str
) -> Json:
    here = f"{place.api}/pulls/{pull.number}"
    page = f"{place.page}/pull/{pull.number}#pullrequestreview-{id_}"
    return {
        "id": id_,
        "node_id": ids.node("review", str(id_)),
        "user": user(login, place.call.request.origin),
        "body": "",
        "state": state,
        "commit_id": sha,
        "submitted_at": clock.iso(at),
        "html_url": page,
        "pull_request_url": here,
        "_links": {"html": {"href": page}, "pull_request": {"href": here}},
        "author_association": "MEMBER",
    }


@routes.get("/repos/{owner}/{repo}/pulls/{number}/reviews")
@in_repository
def index(place: Place) -> Response:
    """The reviews of one pull request, oldest first."""
    number = place.call.params["number"]
    pull = (
        pullrequests.find(place.call.sandbox, place.project, int(number))
        if number.isascii() and number.isdigit()
        else None
    )
    if pull is None:
        raise Refusal(404, NOT_FOUND)
    if not pull.is_ours:
        others = [one for one in REVIEWERS if one != pull.author]
        login = others[pull.number % len(others)]
        id_ = ids.number("review", place.project.name, number)
        at = pull.merged_at or pull.created_at
        return paged(place.call, [_shape(place, pull, id_, login, "APPROVED", at, pull.head_sha)])
    rows = of(place.call.sandbox, place.project, pull.number)
    items = [
        _shape(place, pull, row["id"], row["login"], row["state"], row["at"], row["sha"])
        for row in rows
    ]
    return paged(place.call, items)
