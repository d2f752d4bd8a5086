"""Compare two commits: what is ahead, what is behind, and the 250 trap (FACTS 1.4)."""

from ..routing import Routes
from ..wire import Response, as_json
from . import commits, files
from .doors import Place, Refusal, in_repository, paging

routes = Routes()
UNPAGED = 250
MOST_FILES = 300


@routes.get("/repos/{owner}/{repo}/compare/{basehead}")
@in_repository
def show(place: Place) -> Response:
    """Unpaged: the newest 250 commits, oldest first. With page parameters: all, oldest first."""
    base_name, dots, head_name = place.call.params["basehead"].partition("...")
    if not dots:
        raise Refusal(404, "Not Found")
    base, head = _commit(place, base_name), _commit(place, head_name)
    common = place.git.merge_base(base, head)
    if common is None:
        raise Refusal(404, f"No common ancestor between {base_name} and {head_name}.")
    ahead = place.git.history.ids("--reverse", "--topo-order", f"{base}..{head}")
    behind = place.git.history.count(f"{head}..{base}")
    asked = place.call.request.query.keys() & {"page", "per_page"}
    wanted = paging(place.call)
    if asked:
        shown = ahead.slice(wanted.start, wanted.stop)
    else:
        shown = ahead.slice(max(0, len(ahead) - UNPAGED), len(ahead))
    here = f"{place.api}/compare/{base_name}...{head_name}"
    page = f"{place.page}/compare/{base_name}...{head_name}"
    body = {
        "url": here,
        "html_url": page,
        "permalink_url": f"{place.page}/compare/{base}...{head}",
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "base_commit": commits.document(place, base),
        "merge_base_commit": commits.document(place, common),
        "status": _status(len(ahead), behind),
        "ahead_by": len(ahead),
        "behind_by": behind,
        "total_commits": len(ahead),
        "commits": [commits.document(place, sha) for sha in shown],
    }
    if wanted.page == 1:
        body["files"] = files.between(place, common, head)[:MOST_FILES]
    return as_json(body, headers=wanted.links(place.call, len(ahead)) if asked else {})


def _commit(place: Place, name: str) -> str:
    sha = place.git.resolve(name.removeprefix("demo:"))
    if sha is None:
        raise Refusal(404, "Not Found")
    return sha


def _status(ahead: int, behind: int) -> str:
    if ahead and behind:
        return "diverged"
    if ahead:
        return "ahead"
    return "behind" if behind else "identical"
