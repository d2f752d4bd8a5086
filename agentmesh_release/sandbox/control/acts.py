"""What can be made to happen. An act takes the values of a form or of JSON and returns facts."""

import re
import time
from collections.abc import Callable

import psycopg

from .. import appdatabase, clock, faults, registration, trunk
from ..git.cloning import NotARepository
from ..github import ci
from ..journal import Cause
from ..project import Project, change
from ..sandbox import Sandbox
from ..trunk import NotPossible
from ..vercel import deployments, production
from ..wire import Json
from . import values as read
from .values import Wrong

Act = Callable[[Sandbox, Cause, Json], Json]
ACTS: dict[str, Act] = {}
TYPES = (
    "feat",
    "fix",
    "docs",
    "style",
    "refactor",
    "perf",
    "test",
    "chore",
    "ci",
    "build",
    "revert",
)
CONDITIONS = ("slow", "errors", "down")
PHASES = ("expand", "migrate", "contract")
SQL = {
    "expand": 'ALTER TABLE "Workspace" ADD COLUMN "{name}" TEXT;\n',
    "migrate": 'UPDATE "Workspace" SET "{name}" = \'unknown\' WHERE "{name}" IS NULL;\n',
    "contract": 'ALTER TABLE "Workspace" DROP COLUMN "{name}";\n',
}


def act(path: str) -> Callable[[Act], Act]:
    """Decorator: this function answers `POST /_control/<path>`."""

    def register(function: Act) -> Act:
        ACTS[path] = function
        return function

    return register


def perform(sandbox: Sandbox, path: str, cause: Cause, values: Json) -> Json:
    """Do the act of a path. Raises Wrong with a sentence, KeyError when there is no such act."""
    try:
        return ACTS[path](sandbox, cause, values)
    except (NotPossible, NotARepository) as error:
        raise Wrong(str(error)) from error
    except psycopg.Error as error:
        raise Wrong(f"The app database said no: {error}") from error


def message_of(values: Json) -> str:
    """A commit message: given whole, or put together by Conventional Commits. Raises Wrong."""
    if values.get("message"):
        return read.text(values, "message")
    kind = read.choice({"type": values.get("type") or "feat"}, "type", TYPES)
    scope = read.text(values, "scope", "")
    subject = read.text(values, "subject")
    mark = "!" if read.flag(values, "breaking") else ""
    head = f"{kind}({scope}){mark}: {subject}" if scope else f"{kind}{mark}: {subject}"
    body = read.text(values, "body", "")
    return f"{head}\n\n{body}" if body else head


@act("repositories/refresh")
def refresh(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Fetch from the source's path again."""
    return registration.refresh(sandbox, read.project(sandbox, values), cause)


@act("commits")
def land_commit(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Land a commit on the default branch."""
    landed = trunk.land(
        sandbox,
        read.project(sandbox, values),
        cause,
        message=message_of(values),
        bad=read.flag(values, "bad"),
    )
    return {"sha": landed.sha, "deployment": landed.deployment}


@act("pulls")
def open_pull(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Open a pull request."""
    title = read.text(values, "title", "") or message_of(values | {"body": ""})
    pull, build = trunk.open_pull(
        sandbox,
        read.project(sandbox, values),
        cause,
        title=title,
        body=read.text(values, "body", ""),
        bad=read.flag(values, "bad"),
    )
    return {"number": pull.number, "head_sha": pull.head_sha, "deployment": build.id}


def _number(values: Json) -> int:
    found = read.number(values, "number")
    if found is None:
        raise Wrong("number is missing.")
    return int(found)


@act("pulls/approve")
def approve_pull(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Approve an open pull request."""
    by = read.text(values, "by", trunk.REVIEWER)
    pull = trunk.approve(sandbox, read.project(sandbox, values), cause, _number(values), by)
    return {"number": pull.number, "by": by}


@act("pulls/merge")
def merge_pull(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Merge an open pull request."""
    landed = trunk.merge(sandbox, read.project(sandbox, values), cause, _number(values))
    return {"sha": landed.sha, "deployment": landed.deployment}


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


@act("builds")
def break_next_build(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """The next build ends in ERROR; or not after all."""
    owner, on = read.project(sandbox, values), read.flag(values, "break_next", default=True)
    change(sandbox, owner, break_next_build=int(on))
    return {"project": owner.name, "break_next": on}


@act("checks")
def decide_checks(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """The next commit's tests fail; or those of a given commit end as said."""
    owner = read.project(sandbox, values)
    if not values.get("sha"):
        on = read.flag(values, "fail_next", default=True)
        change(sandbox, owner, fail_next_checks=int(on))
        return {"project": owner.name, "fail_next": on}
    sha = owner.repository(sandbox).resolve(read.text(values, "sha"))
    if sha is None:
        raise Wrong("There is no such commit.")
    conclusion = read.text(values, "conclusion", "") or None
    ci.decide(sandbox, owner, sha, conclusion)
    return {"sha": sha, "conclusion": conclusion}


@act("migrations")
def add_migration(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Land a commit that brings a migration with its phase in a comment."""
    owner = read.project(sandbox, values)
    phase = read.choice({"phase": values.get("phase") or "expand"}, "phase", PHASES)
    label = re.sub(r"[^a-z0-9]+", "_", read.text(values, "name", f"{phase}_note").lower()).strip(
        "_"
    )
    name = f"{time.strftime('%Y%m%d%H%M%S', time.gmtime())}_{label or phase}"
    sql = read.text(values, "sql", "") or SQL[phase].format(name=label or phase)
    content = f"-- EMC: {phase}\n{sql}"
    path = f"{_migrations_folder(sandbox, owner)}/{name}/migration.sql"
    landed = trunk.land(
        sandbox,
        owner,
        cause,
        message=f"feat(db): {phase} {label.replace('_', ' ')}",
        files={path: content.encode()},
    )
    return {"sha": landed.sha, "deployment": landed.deployment, "migration": name, "path": path}


def _migrations_folder(sandbox: Sandbox, owner: Project) -> str:
    """Where the repository keeps its migrations; Prisma's usual place when it has none."""
    head = owner.head(sandbox)
    return appdatabase.folder(owner.repository(sandbox), head) if head else "prisma/migrations"


@act("migrations/apply")
def apply_migrations(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Apply what is pending at a commit (default: the head), as the repository's workflow would."""
    owner = read.project(sandbox, values)
    if not sandbox.options.app_database_url:
        raise Wrong("This sandbox was started without an app database.")
    sha = owner.repository(sandbox).resolve(read.text(values, "sha", owner.head(sandbox) or "HEAD"))
    if sha is None:
        raise Wrong("There is no such commit.")
    return {"sha": sha, "applied": appdatabase.apply(sandbox, owner, sha, cause)}


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


@act("faults")
def set_fault(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Make a provider misbehave, or recover."""
    provider = read.choice(values, "provider", (*faults.PROVIDERS, "*"))
    kind = str(values.get("kind", ""))
    if kind == "recover":
        sandbox.faults.clear(provider)
        return {"provider": provider, "kind": "recover"}
    if kind not in (*faults.STATUSES, *faults.WORDS):
        raise Wrong(f"kind is not one of {', '.join((*faults.STATUSES, *faults.WORDS))}, recover.")
    times = read.number(values, "times")
    fault = sandbox.faults.set(
        provider,
        kind,
        path=read.text(values, "path", ""),
        method=read.text(values, "method", ""),
        times=int(times) if times else None,
        seconds=read.number(values, "seconds"),
    )
    return {"id": fault, "provider": provider, "kind": kind}


@act("faults/clear")
def clear_faults(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Heal one provider or all."""
    sandbox.faults.clear(read.text(values, "provider", ""))
    return {}


@act("speed")
def set_speed(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """How long builds, checks and alias jobs take from now on."""
    for name in ("build_seconds", "check_seconds", "alias_seconds"):
        seconds = read.number(values, name)
        if seconds is not None:
            sandbox.store.keep(name, str(seconds))
    return {
        name: sandbox.seconds(name) for name in ("build_seconds", "check_seconds", "alias_seconds")
    }


@act("requests/reset")
def reset_requests(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Forget the request log."""
    sandbox.requests.reset()
    return {}
