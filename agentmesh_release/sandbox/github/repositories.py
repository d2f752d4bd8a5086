"""A repository: its own document and its tags."""

from .. import clock, ids
from ..git.refs import Ref
from ..project import OWNER
from ..routing import Routes
from ..wire import Json, Response, as_json
from .doors import Place, in_repository, paging, user

routes = Routes()
# The links that every repository document carries, as `<name>_url`.
LINKS = """
archive assignees blobs branches collaborators comments commits compare contents contributors
deployments downloads events forks git_commits git_refs git_tags hooks issue_comment issue_events
issues keys labels languages merges milestones notifications pulls releases stargazers statuses
subscribers subscription tags teams trees
"""


def document(place: Place) -> Json:
    """A repository in GitHub's long form."""
    project = place.project
    at = clock.iso(project.created_at)
    counts = (
        "forks",
        "forks_count",
        "open_issues",
        "open_issues_count",
        "stargazers_count",
        "watchers",
        "watchers_count",
        "network_count",
        "subscribers_count",
        "size",
    )
    body: Json = {
        "id": ids.number("repository", project.name),
        "node_id": ids.node("repository", project.name),
        "name": project.name,
        "full_name": project.full_name,
        "owner": user(OWNER, place.call.request.origin),
        "private": True,
        "visibility": "private",
        "html_url": place.page,
        "url": place.api,
        "description": None,
        "fork": False,
        "default_branch": project.default_branch or "main",
        "created_at": at,
        "updated_at": at,
        "pushed_at": at,
        "homepage": None,
        "language": None,
        "license": None,
        "mirror_url": None,
        "archived": False,
        "disabled": False,
        "permissions": {"admin": False, "push": True, "pull": True},
    }
    body |= {f"{name}_url": f"{place.api}/{name}" for name in LINKS.split()}
    body |= {f"{name}_url": f"{place.page}.git" for name in ("clone", "git", "ssh", "svn")}
    body |= dict.fromkeys(counts, 0)
    body |= {f"has_{name}": True for name in ("issues", "projects", "downloads", "wiki")}
    return body | {"has_pages": False, "has_discussions": False}


@routes.get("/repos/{owner}/{repo}")
@in_repository
def show(place: Place) -> Response:
    """The repository."""
    return as_json(document(place))


@routes.get("/repos/{owner}/{repo}/tags")
@in_repository
def tags(place: Place) -> Response:
    """Tags that name a commit, newest name last in the alphabet first, as GitHub lists them."""
    found = [
        ref
        for name, ref in reversed(place.git.refs.items())
        if name.startswith("refs/tags/") and ref.commit
    ]
    wanted = paging(place.call)
    items = [_tag(place, ref) for ref in found[wanted.start : wanted.stop]]
    return as_json(items, headers=wanted.links(place.call, len(found)))


def _tag(place: Place, ref: Ref) -> Json:
    return {
        "name": ref.short,
        "commit": {"sha": ref.commit, "url": f"{place.api}/commits/{ref.commit}"},
        "zipball_url": f"{place.api}/zipball/refs/tags/{ref.short}",
        "tarball_url": f"{place.api}/tarball/refs/tags/{ref.short}",
        "node_id": ids.node("ref", place.project.name, ref.name),
    }
