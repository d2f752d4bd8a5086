"""Pull requests over HTTP: lists, one, its commits and files, and those of a commit."""

from .. import clock, ids
from ..project import OWNER
from ..routing import Routes
from ..wire import Json, Response, as_json
from . import commits, files, pullrequests
from .doors import NOT_FOUND, Place, Refusal, in_repository, paged, paging, user
from .pullrequests import PullRequest
from .repositories import document as repository_document

routes = Routes()
MOST_COMMITS = 250


def shape(place: Place, pull: PullRequest) -> Json:
    """A pull request as lists show it."""
    origin, here = place.call.request.origin, f"{place.api}/pulls/{pull.number}"
    page = f"{place.page}/pull/{pull.number}"
    issue = f"{place.api}/issues/{pull.number}"
    closed = clock.iso(pull.merged_at) if pull.merged_at else None
    links = {
        "self": here,
        "html": page,
        "issue": issue,
        "comments": f"{issue}/comments",
        "review_comments": f"{here}/comments",
        "review_comment": f"{place.api}/pulls/comments{{/number}}",
        "commits": f"{here}/commits",
        "statuses": f"{place.api}/statuses/{pull.head_sha}",
    }
    return {
        "id": ids.number("pull", place.project.name, str(pull.number)),
        "node_id": ids.node("pull", place.project.name, str(pull.number)),
        "number": pull.number,
        "url": here,
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "issue_url": issue,
        "commits_url": links["commits"],
        "comments_url": links["comments"],
        "statuses_url": links["statuses"],
        "review_comments_url": links["review_comments"],
        "review_comment_url": links["review_comment"],
        "_links": {name: {"href": address} for name, address in links.items()},
        "state": pull.state,
        "locked": False,
        "title": pull.title,
        "body": pull.body,
        "user": user(pull.author, origin),
        "labels": [],
        "milestone": None,
        "assignee": None,
        "assignees": [],
        "requested_reviewers": [],
        "requested_teams": [],
        "author_association": "MEMBER",
        "auto_merge": None,
        "draft": False,
        "created_at": clock.iso(pull.created_at),
        "updated_at": clock.iso(pull.updated_at),
        "closed_at": closed,
        "merged_at": closed,
        "merge_commit_sha": pull.merge_sha,
        "head": _side(place, pull.head_ref, pull.head_sha),
        "base": _side(place, place.project.default_branch or "main", pull.base_sha),
    }


def _side(place: Place, ref: str, sha: str) -> Json:
    return {
        "label": f"{OWNER}:{ref}",
        "ref": ref,
        "sha": sha,
        "user": user(OWNER, place.call.request.origin),
        "repo": repository_document(place),
    }


def _found(place: Place) -> PullRequest:
    number = place.call.params["number"]
    pull = None
    if number.isascii() and number.isdigit():
        pull = pullrequests.find(place.call.sandbox, place.project, int(number))
    if pull is None:
        raise Refusal(404, NOT_FOUND)
    return pull


def _changed(place: Place, pull: PullRequest) -> list[Json]:
    base = place.git.merge_base(pull.base_sha, pull.head_sha) or pull.base_sha
    if pull.base_sha == pull.head_sha:
        return files.between(place, None, pull.head_sha)
    return files.between(place, base, pull.head_sha)


@routes.get("/repos/{owner}/{repo}/pulls")
@in_repository
def index(place: Place) -> Response:
    """A page of pull requests, newest first; open ones unless `state` says otherwise."""
    sandbox, project = place.call.sandbox, place.project
    state = place.call.request.first("state", "open")
    if state not in ("open", "closed", "all"):
        raise Refusal(422, "Validation Failed")
    wanted = paging(place.call)
    chosen = pullrequests.numbers(sandbox, project, state)
    if place.call.request.first("direction") == "asc":
        chosen.reverse()
    page = [pullrequests.find(sandbox, project, one) for one in chosen[wanted.start : wanted.stop]]
    items = [shape(place, one) for one in page if one]
    return as_json(items, headers=wanted.links(place.call, len(chosen)))


@routes.get("/repos/{owner}/{repo}/pulls/{number}")
@in_repository
def show(place: Place) -> Response:
    """One pull request with its counts."""
    pull = _found(place)
    changed = _changed(place, pull)
    count = place.git.history.count(f"{pull.base_sha}..{pull.head_sha}") or 1
    merged = pull.merged_at is not None
    return as_json(
        shape(place, pull)
        | {
            "merged": merged,
            "mergeable": None if merged else True,
            "mergeable_state": "unknown" if merged else _mergeable_state(place, pull),
            "rebaseable": None,
            "merged_by": user(pull.author, place.call.request.origin) if merged else None,
            "comments": 0,
            "review_comments": 0,
            "maintainer_can_modify": False,
            "commits": count,
            "additions": sum(one["additions"] for one in changed),
            "deletions": sum(one["deletions"] for one in changed),
            "changed_files": len(changed),
        }
    )


def _mergeable_state(place: Place, pull: PullRequest) -> str:
    """The protection of the default branch asks for branches that are up to date."""
    trunk = place.project.head(place.call.sandbox) or pull.base_sha
    return "behind" if place.git.history.count(f"{pull.head_sha}..{trunk}") else "clean"


@routes.get("/repos/{owner}/{repo}/pulls/{number}/commits")
@in_repository
def commits_of(place: Place) -> Response:
    """Its commits, oldest first, at most 250 (FACTS 1.4)."""
    pull = _found(place)
    found = place.git.history.ids("--reverse", f"{pull.base_sha}..{pull.head_sha}")
    shas = found.slice(0, min(len(found), MOST_COMMITS))
    return paged(place.call, [commits.document(place, sha) for sha in shas])


@routes.get("/repos/{owner}/{repo}/pulls/{number}/files")
@in_repository
def files_of(place: Place) -> Response:
    """Its files, at most 3,000."""
    return paged(place.call, _changed(place, _found(place))[:3_000])


@routes.get("/repos/{owner}/{repo}/commits/{sha}/pulls")
@in_repository
def of_commit(place: Place) -> Response:
    """The pull requests that a commit came in by (FACTS 1.6)."""
    sha = place.resolve(place.call.params["sha"])
    found = pullrequests.of_commit(place.call.sandbox, place.project, sha)
    return paged(place.call, [shape(place, one) for one in found])
