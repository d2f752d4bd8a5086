"""The demo app's own PostgreSQL: `config_flags` and `_prisma_migrations`, with data."""

import hashlib
import json
import logging
import re
import threading
import uuid

import psycopg

from . import project as projects
from .git.repository import Repository
from .journal import Cause
from .project import Project
from .sandbox import Sandbox
from .vercel import deployments

log = logging.getLogger("sandbox")
RETRY_S = 2.0
MIGRATION = re.compile(r"^(?:.*/)?prisma/migrations/([^/]+)/migration\.sql$")
TABLES = """
create table if not exists config_flags (key text primary key, value jsonb not null);
create table if not exists _prisma_migrations (
    id varchar(36) primary key, checksum varchar(64) not null, finished_at timestamptz,
    migration_name varchar(255) not null, logs text, rolled_back_at timestamptz,
    started_at timestamptz not null default now(), applied_steps_count integer not null default 0);
"""
FLAGS = {
    "api_kill_switch": {"enabled": False},
    "database_kill_switch": {"enabled": False},
    "maintenance_mode": {"enabled": False, "message": "We will be back in a few minutes."},
    "feature_problematic": {"enabled": True},
}
# One row for a migration, unless it has one already; columns as Prisma makes them (FACTS 4).
RECORD = """
insert into _prisma_migrations
    (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
select %(id)s, %(checksum)s, now(), %(name)s::varchar, now(), 1
where not exists (select 1 from _prisma_migrations
    where migration_name = %(name)s::varchar and finished_at is not null and rolled_back_at is null)
returning id
"""


def prepare(sandbox: Sandbox) -> None:
    """Seed in the background: the database may still be starting. Without an address: nothing."""
    if not sandbox.options.app_database_url:
        return

    def keep_trying() -> None:
        while not seed(sandbox) and not sandbox.stopping.wait(RETRY_S):
            pass

    threading.Thread(target=keep_trying, name="app database", daemon=True).start()


def seed(sandbox: Sandbox) -> bool:
    """Make the tables, the flags that are missing, and each project's history of migrations.

    Says whether the database could be reached. What is there already is never changed.
    """
    if not sandbox.options.app_database_url:
        return True
    try:
        with psycopg.connect(sandbox.options.app_database_url, connect_timeout=5) as connection:
            connection.execute("select pg_advisory_xact_lock(72707369)")
            connection.execute(TABLES)
            _seed_flags(connection)
            for owner in projects.every(sandbox):
                _seed_migrations(sandbox, connection, owner)
    except psycopg.Error as error:
        log.info("the app database said no: %s", error)
        return False
    return True


def _seed_flags(connection: psycopg.Connection) -> None:
    for key, value in FLAGS.items():
        connection.execute(
            "insert into config_flags (key, value) values (%s, %s) on conflict do nothing",
            (key, json.dumps(value)),
        )


def _seed_migrations(sandbox: Sandbox, connection: psycopg.Connection, owner: Project) -> None:
    """Once for each project: what its live commit brought is applied."""
    mark = f"migrations of {owner.name}"
    live = deployments.live(sandbox, owner)
    if live is None or sandbox.store.setting(mark):
        return
    for name, sql in migrations(owner.repository(sandbox), live.sha).items():
        _record(connection, owner, name, sql)
    sandbox.store.keep(mark, live.sha)


def migrations(repository: Repository, sha: str) -> dict[str, bytes]:
    """Prisma's migrations at a commit: name and text, in the order they run."""
    output = repository.git.run(
        "ls-tree", "-r", "-z", "--format=%(objectname) %(path)", sha, cwd=repository.directory
    )
    found = {}
    for line in output.decode(errors="replace").split("\0"):
        object_id, _, path = line.partition(" ")
        name = MIGRATION.match(path)
        blob = repository.object(object_id) if name else None
        if name and blob:
            found[name[1]] = blob.data
    return dict(sorted(found.items()))


def folder(repository: Repository, sha: str) -> str:
    """The directory of a commit's migrations; `prisma/migrations` when there is none yet."""
    output = repository.git.run("ls-tree", "-r", "-z", "--name-only", sha, cwd=repository.directory)
    for path in output.decode(errors="replace").split("\0"):
        found = MIGRATION.match(path)
        if found:
            return path.removesuffix(f"/{found[1]}/migration.sql")
    return "prisma/migrations"


def _record(connection: psycopg.Connection, owner: Project, name: str, sql: bytes) -> bool:
    values = {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{owner.name}/{name}")),
        "checksum": hashlib.sha256(sql).hexdigest(),
        "name": name[:255],
    }
    return connection.execute(RECORD, values).fetchone() is not None


def apply(sandbox: Sandbox, owner: Project, sha: str, cause: Cause) -> list[str]:
    """What the repository's own workflow would do at a commit: apply what is pending.

    Records each migration as Prisma does and returns the names; the SQL itself is not run, because
    the demo app has no schema of its own. Raises psycopg.Error.
    """
    applied = []
    with psycopg.connect(sandbox.options.app_database_url, connect_timeout=5) as connection:
        connection.execute("select pg_advisory_xact_lock(72707369)")
        for name, sql in migrations(owner.repository(sandbox), sha).items():
            if _record(connection, owner, name, sql):
                applied.append(name)
    for name in applied:
        sandbox.journal.add("database", "migration_applied", owner.name, cause, migration=name)
    return applied
