"""Everything that can be seen, as one document."""

from .. import project as projects
from ..github import pullrequests
from ..project import Project
from ..sandbox import Sandbox
from ..vercel import deployments
from ..vercel.deployments import Deployment
from ..wire import Json


def _deployment(one: Deployment) -> Json:
    return {
        "id": one.id,
        "sha": one.sha,
        "target": one.target or "preview",
        "state": one.state,
        "substate": one.substate,
        "created_at": one.created_at,
        "message": one.message.split("\n", 1)[0][:200],
        "pull": one.pull,
    }


def conditions(sandbox: Sandbox, owner: Project) -> list[str]:
    """What the control page has made of a project's production just now."""
    rows = sandbox.store.rows(
        "select kind from conditions where project = ? and ended_at is null order by kind",
        owner.name,
    )
    return [row["kind"] for row in rows]


def bad_commits(sandbox: Sandbox, owner: Project) -> list[str]:
    """The commits that misbehave when live."""
    rows = sandbox.store.rows("select sha from bad_commits where project = ?", owner.name)
    return [row["sha"] for row in rows]


def _project(sandbox: Sandbox, owner: Project) -> Json:
    live = deployments.live(sandbox, owner)
    pulls = [one for one in pullrequests.opened(sandbox, owner) if not one.merged_at]
    return {
        "name": owner.name,
        "path": owner.path,
        "default_branch": owner.default_branch,
        "head": owner.head(sandbox),
        "production_domain": owner.domain,
        "vercel_project_id": owner.vercel_id,
        "supabase_ref": owner.supabase_ref,
        "bypass_open": owner.auto_assign,
        "hobby": owner.hobby,
        "break_next_build": owner.break_next_build,
        "fail_next_checks": owner.fail_next_checks,
        "conditions": conditions(sandbox, owner),
        "bad_commits": bad_commits(sandbox, owner),
        "last_alias_request": owner.last_alias_request,
        "live": _deployment(live) if live else None,
        "deployments": [_deployment(one) for one in deployments.of(sandbox, owner)[:20]],
        "open_pulls": [{"number": one.number, "title": one.title} for one in pulls],
    }


def document(sandbox: Sandbox) -> Json:
    """Projects, faults and speed."""
    names = ("build_seconds", "check_seconds", "alias_seconds")
    return {
        "projects": [_project(sandbox, owner) for owner in projects.every(sandbox)],
        "faults": [vars(one) for one in sandbox.faults.all()],
        "speed": {name: sandbox.seconds(name) for name in names},
    }
