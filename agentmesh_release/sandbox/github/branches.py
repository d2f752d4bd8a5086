"""Branches, and the rules that guard the default one (FACTS 1.6)."""

from .. import ids
from ..routing import Routes
from ..wire import Json, Response, as_json
from . import commits, guarding
from .doors import Place, Refusal, in_repository, paged
from .guarding import Guard

routes = Routes()
PATTERN = {
    "name": "Conventional commits",
    "negate": False,
    "operator": "regex",
    "pattern": r"^(feat|fix|docs|style|refactor|perf|test|chore|ci|build|revert)"
    r"(\([^)]+\))?!?: .+",
}


def _is_protected(place: Place, name: str) -> bool:
    return name == place.project.default_branch


def _guard(place: Place) -> Guard:
    return guarding.of(place.call.sandbox, place.project)


def _protection(place: Place, name: str) -> Json:
    """What every reader of a branch is told of its protection."""
    names = _guard(place).required if _is_protected(place, name) else []
    required = {
        "enforcement_level": "everyone" if names else "off",
        "contexts": names,
        "checks": [{"context": one, "app_id": None} for one in names],
    }
    return {"enabled": _is_protected(place, name), "required_status_checks": required}


@routes.get("/repos/{owner}/{repo}/branches")
@in_repository
def index(place: Place) -> Response:
    """All branches by name."""
    heads = [ref for name, ref in place.git.refs.items() if name.startswith("refs/heads/")]
    items = [
        {
            "name": ref.short,
            "commit": {"sha": ref.commit, "url": f"{place.api}/commits/{ref.commit}"},
            "protected": _is_protected(place, ref.short),
        }
        for ref in heads
    ]
    return paged(place.call, items)


@routes.get("/repos/{owner}/{repo}/branches/{branch}")
@in_repository
def show(place: Place) -> Response:
    """One branch with its newest commit."""
    name = place.call.params["branch"]
    sha = place.git.branch(name)
    if sha is None:
        raise Refusal(404, "Branch not found")
    here = f"{place.api}/branches/{name}"
    return as_json(
        {
            "name": name,
            "commit": commits.document(place, sha),
            "_links": {"self": here, "html": f"{place.page}/tree/{name}"},
            "protected": _is_protected(place, name),
            "protection": _protection(place, name),
            "protection_url": f"{here}/protection",
        }
    )


@routes.get("/repos/{owner}/{repo}/branches/{branch}/protection")
@in_repository
def protection(place: Place) -> Response:
    """The seed's trunk rules: green CI, one review, branches up to date."""
    name, guard = place.call.params["branch"], _guard(place)
    if place.git.branch(name) is None:
        raise Refusal(404, "Branch not found")
    if guard.kind == "hidden":
        hint = {"X-Accepted-GitHub-Permissions": "administration=read"}
        return Refusal(403, "Resource not accessible by personal access token").response(hint)
    if not _is_protected(place, name):
        raise Refusal(404, "Branch not protected")
    here = f"{place.api}/branches/{name}/protection"
    checks = [{"context": one, "app_id": None} for one in guard.required]
    return as_json(
        {
            "url": here,
            "required_status_checks": {
                "url": f"{here}/required_status_checks",
                "strict": not guard.is_weak,
                "contexts": guard.required,
                "contexts_url": f"{here}/required_status_checks/contexts",
                "checks": checks,
            },
            "required_pull_request_reviews": {
                "url": f"{here}/required_pull_request_reviews",
                "dismiss_stale_reviews": not guard.is_weak,
                "require_code_owner_reviews": False,
                "required_approving_review_count": 0 if guard.is_weak else 1,
            },
            "enforce_admins": {"url": f"{here}/enforce_admins", "enabled": not guard.is_weak},
            "required_linear_history": {"enabled": False},
            "allow_force_pushes": {"enabled": guard.is_weak},
            "allow_deletions": {"enabled": False},
        }
    )


@routes.get("/repos/{owner}/{repo}/rules/branches/{branch}")
@in_repository
def rules(place: Place) -> Response:
    """The active rulesets' rules; the branch need not exist."""
    if not _is_protected(place, place.call.params["branch"]):
        return as_json([])
    source = {
        "ruleset_source_type": "Repository",
        "ruleset_source": place.project.full_name,
        "ruleset_id": ids.number("ruleset", place.project.name),
    }
    kinds: list[Json] = [{"type": "deletion"}]
    if not _guard(place).is_weak:
        kinds += [
            {"type": "non_fast_forward"},
            {"type": "commit_message_pattern", "parameters": PATTERN},
        ]
    return paged(place.call, [kind | source for kind in kinds])
