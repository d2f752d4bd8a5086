"""Acts on production: disturbances, and what happens behind the product's back."""

from .. import clock, trunk
from ..journal import Cause
from ..project import Project, change
from ..sandbox import Sandbox
from ..vercel import deployments, production
from ..wire import Json
from . import values as read
from .acts import act
from .values import Wrong

CONDITIONS = ("slow", "errors", "down")


@act("conditions")
def set_condition(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Slow production down, raise its error rate, take it down; or end that."""
    owner = read.project(sandbox, values)
    kind, on = read.choice(values, "kind", CONDITIONS), read.flag(values, "on", default=True)
    with sandbox.store.transaction():
        _end_conditions(sandbox, owner, kind)
        if on:
            sandbox.store.write(
                "insert into conditions (project, kind, started_at) values (?, ?, ?)",
                owner.name,
                kind,
                clock.now_ms(),
            )
    return {"project": owner.name, "kind": kind, "on": on}


def _end_conditions(sandbox: Sandbox, owner: Project, kind: str = "") -> None:
    sandbox.store.write(
        "update conditions set ended_at = ? where project = ? and ended_at is null"
        " and ? in ('', kind)",
        clock.now_ms(),
        owner.name,
        kind,
    )


@act("normal")
def back_to_normal(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """End every condition of a project's production."""
    owner = read.project(sandbox, values)
    _end_conditions(sandbox, owner)
    return {"project": owner.name}


@act("bad-commits")
def mark_commit(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """A commit misbehaves wherever it is live, or stops doing so."""
    owner, sha = read.project(sandbox, values), read.text(values, "sha")
    found = owner.repository(sandbox).resolve(sha)
    if found is None:
        raise Wrong(f"There is no commit {sha}.")
    bad = read.flag(values, "bad", default=True)
    trunk.mark(sandbox, owner, found, bad=bad)
    return {"sha": found, "bad": bad}


@act("bypass")
def set_bypass(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Open or close Vercel's automatic assignment of the production domain."""
    owner, wanted = read.project(sandbox, values), read.flag(values, "open", default=True)
    with sandbox.store.transaction():
        if wanted != owner.auto_assign:
            change(sandbox, owner, auto_assign=int(wanted))
            sandbox.journal.add(
                "vercel", "setting_changed", owner.name, cause, autoAssignCustomDomains=wanted
            )
    return {"project": owner.name, "open": wanted}


@act("plan")
def set_plan(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Put the Vercel project on the Hobby plan (one rollback back only), or take it off."""
    owner, hobby = read.project(sandbox, values), read.flag(values, "hobby", default=True)
    change(sandbox, owner, hobby=int(hobby))
    return {"project": owner.name, "hobby": hobby}


@act("production")
def change_production(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Somebody promotes a build directly at Vercel, outside the product."""
    owner = read.project(sandbox, values)
    with sandbox.store.transaction():
        live = deployments.live(sandbox, owner)
        wanted = (read.text(values, "deployment", ""), read.text(values, "sha", ""))
        ready = [
            one
            for one in deployments.of(sandbox, owner)
            if one.state == "READY"
            and one.target == deployments.PRODUCTION
            and (live is None or one.id != live.id)
        ]
        chosen = [
            one for one in ready if not any(wanted) or one.id == wanted[0] or one.sha == wanted[1]
        ]
        chosen.sort(key=lambda one: one.substate != "STAGED")
        if not chosen:
            raise Wrong("There is no other production build that is ready.")
        production.point(sandbox, owner, chosen[0], "promoted", cause)
    return {"deployment": chosen[0].id, "sha": chosen[0].sha}
