"""Commits: lists by page, one with its files (FACTS 1.4)."""

from .. import clock, ids
from ..git.commit import Commit, Person
from ..git.environment import GitFailed
from ..routing import Routes
from ..wire import Json, Response, as_json
from . import files
from .doors import Place, Refusal, in_repository, login, paging, user

routes = Routes()


def _person(person: Person) -> Json:
    return {"name": person.name, "email": person.email, "date": clock.iso(person.at_s * 1000)}


def shape(place: Place, commit: Commit) -> Json:
    """A commit in GitHub's form, without its files."""
    origin = place.call.request.origin
    here = f"{place.api}/commits/{commit.sha}"
    return {
        "sha": commit.sha,
        "node_id": ids.node("commit", commit.sha),
        "commit": {
            "author": _person(commit.author),
            "committer": _person(commit.committer),
            "message": commit.message.rstrip("\n"),
            "tree": {"sha": commit.tree, "url": f"{place.api}/git/trees/{commit.tree}"},
            "url": f"{place.api}/git/commits/{commit.sha}",
            "comment_count": 0,
            "verification": {
                "verified": False,
                "reason": "unsigned",
                "signature": None,
                "payload": None,
                "verified_at": None,
            },
        },
        "url": here,
        "html_url": f"{place.page}/commit/{commit.sha}",
        "comments_url": f"{here}/comments",
        "author": user(login(commit.author.name), origin),
        "committer": user(login(commit.committer.name), origin),
        "parents": [
            {
                "sha": parent,
                "url": f"{place.api}/commits/{parent}",
                "html_url": f"{place.page}/commit/{parent}",
            }
            for parent in commit.parents
        ],
    }


def document(place: Place, sha: str) -> Json:
    """A commit by id in GitHub's form. Raises Refusal."""
    commit = place.git.commit(sha)
    if commit is None:
        raise Refusal(422, f"No commit found for SHA: {sha}")
    return shape(place, commit)


def start(place: Place) -> str:
    """The commit from which a list goes back. Raises Refusal (409 in an empty repository)."""
    wanted = place.call.request.first("sha")
    head = place.project.head(place.call.sandbox)
    if head is None:
        raise Refusal(409, "Git Repository is empty.")
    if not wanted:
        return head
    found = place.git.resolve(wanted)
    if found is None:
        raise Refusal(404, "Not Found")
    return found


def _filters(place: Place) -> list[str]:
    ask = place.call.request.first
    options = [f"--{name}={ask(name)}" for name in ("since", "until", "author") if ask(name)]
    return options + (["--", ask("path")] if ask("path") else [])


@routes.get("/repos/{owner}/{repo}/commits")
@in_repository
def index(place: Place) -> Response:
    """A page of commits, newest first."""
    wanted = paging(place.call)
    try:
        found = place.git.history.ids(start(place), *_filters(place))
    except GitFailed as error:
        raise Refusal(400, "The filter cannot be read.") from error
    items = [document(place, sha) for sha in found.slice(wanted.start, wanted.stop)]
    return as_json(items, headers=wanted.links(place.call, len(found)))


@routes.get("/repos/{owner}/{repo}/commits/{ref}")
@in_repository
def show(place: Place) -> Response:
    """One commit with its files and the count of lines."""
    if place.project.head(place.call.sandbox) is None:
        raise Refusal(409, "Git Repository is empty.")
    sha = place.resolve(place.call.params["ref"])
    commit = place.git.commit(sha)
    if commit is None:
        raise Refusal(422, f"No commit found for SHA: {sha}")
    parent = commit.parents[0] if commit.parents else None
    changed = files.between(place, parent, sha)
    wanted = paging(place.call)
    additions = sum(one["additions"] for one in changed)
    deletions = sum(one["deletions"] for one in changed)
    stats = {"additions": additions, "deletions": deletions, "total": additions + deletions}
    page = list(wanted.cut(changed)) if place.call.request.first("per_page") else changed[:300]
    return as_json(
        shape(place, commit) | {"stats": stats, "files": page},
        headers=wanted.links(place.call, len(changed)),
    )
