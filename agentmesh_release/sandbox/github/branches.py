"""Branches, and the rules that guard the default one (FACTS 1.6)."""

from .. import ids
from ..routing import Routes
from ..wire import Json, Response, as_json
from . import commits
from .ci import NAMES
from .doors import Place, Refusal, in_repository, paged

routes = Routes()


def _is_protected(place: Place, name: str) -> bool:
    return name == place.project.default_branch


def _protection(place: Place, name: str) -> Json:
    is_protected = _is_protected(place, name)
    required = {
        "enforcement_level": "everyone" if is_protected else "off",
        "contexts": list(NAMES) if is_protected else [],
        "checks": [{"context": one, "app_id": None} for one in NAMES] if is_protected else [],
    }
    return {"enabled": is_protected, "required_status_checks": required}


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
    name = place.call.params["branch"]
    if place.git.branch(name) is None:
        raise Refusal(404, "Branch not found")
    if not _is_protected(place, name):
        raise Refusal(404, "Branch not protected")
    here = f"{place.api}/branches/{name}/protection"
    checks = [{"context": one, "app_id": None} for one in NAMES]
    return as_json(
        {
            "url": here,
            "required_status_checks": {
                "url": f"{here}/required_status_checks",
                "strict": True,
                "contexts": list(NAMES),
                "contexts_url": f"{here}/required_status_checks/contexts",
                "checks": checks,
            },
            "required_pull_request_reviews": {
                "url": f"{here}/required_pull_request_reviews",
                "dismiss_stale_reviews": True,
                "require_code_owner_reviews": False,
                "required_approving_review_count": 1,
            },
            "enforce_admins": {"url": f"{here}/enforce_admins", "enabled": True},
            "required_linear_history": {"enabled": False},
            "allow_force_pushes": {"enabled": False},
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
    pattern = {
        "name": "Conventional commits",
        "negate": False,
        "operator": "regex",
        "pattern": r"^(feat|fix|docs|style|refactor|perf|test|chore|ci|build|revert)"
        r"(\([^)]+\))?!?: .+",
    }
    found = [
        {"type": "deletion"} | source,
        {"type": "non_fast_forward"} | source,
        {"type": "commit_message_pattern", "parameters": pattern} | source,
    ]
    return paged(place.call, found)
