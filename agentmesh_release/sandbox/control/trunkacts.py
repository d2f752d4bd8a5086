"""Acts on the trunk: commits, pull requests, migrations, checks and builds."""

import re
import time

from .. import appdatabase, trunk
from ..github import ci
from ..journal import Cause
from ..project import Project, change
from ..sandbox import Sandbox
from ..wire import Json
from . import values as read
from .acts import act
from .values import Wrong

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
PHASES = ("expand", "migrate", "contract")
SQL = {
    "expand": 'ALTER TABLE "Workspace" ADD COLUMN "{name}" TEXT;\n',
    "migrate": 'UPDATE "Workspace" SET "{name}" = \'unknown\' WHERE "{name}" IS NULL;\n',
    "contract": 'ALTER TABLE "Workspace" DROP COLUMN "{name}";\n',
}


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
    with sandbox.store.transaction():
        ci.decide(sandbox, owner, sha, conclusion)
        sandbox.journal.add("github", "checks_decided", owner.name, cause, sha=sha)
    return {"sha": sha, "conclusion": conclusion}
