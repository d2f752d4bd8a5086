"""A registered repository as the vendors know it."""

import json
from dataclasses import dataclass
from functools import lru_cache

from . import ids
from .git.repository import Repository
from .sandbox import Sandbox
from .store import Row
from .wire import Json

OWNER = "demo"
vercel_id = lru_cache(ids.project)
supabase_ref = lru_cache(ids.supabase_ref)


@dataclass(frozen=True)
class Project:
    """One row of `projects`, read fresh for each request."""

    name: str
    path: str
    default_branch: str | None
    domain: str
    created_at: int
    auto_assign: bool
    rolled_back: bool
    hobby: bool
    break_next_build: bool
    fail_next_checks: bool
    last_alias_request: Json | None
    rollback_description: Json | None

    @property
    def full_name(self) -> str:
        """`demo/api`, as GitHub names it."""
        return f"{OWNER}/{self.name}"

    @property
    def vercel_id(self) -> str:
        """`prj_…`"""
        return vercel_id(self.name)

    @property
    def supabase_ref(self) -> str:
        """Twenty letters."""
        return supabase_ref(self.name)

    def repository(self, sandbox: Sandbox) -> Repository:
        """Its bare clone."""
        return sandbox.repositories.get(self.name)

    def head(self, sandbox: Sandbox) -> str | None:
        """The newest commit of the default branch."""
        branch = self.default_branch
        return self.repository(sandbox).branch(branch) if branch else None


def named(sandbox: Sandbox, name: str) -> Project | None:
    """The project of a name."""
    row = sandbox.store.row("select * from projects where name = ?", name)
    return _project(row) if row else None


def every(sandbox: Sandbox) -> list[Project]:
    """All projects, by name."""
    return [_project(row) for row in sandbox.store.rows("select * from projects order by name")]


def at_vercel(sandbox: Sandbox, id_or_name: str) -> Project | None:
    """The project of a Vercel id or name."""
    return next((one for one in every(sandbox) if id_or_name in (one.vercel_id, one.name)), None)


def change(sandbox: Sandbox, project: Project, **values: object) -> None:
    """Set columns of a project's row; dictionaries are kept as JSON."""
    for column, value in values.items():
        kept = json.dumps(value) if isinstance(value, dict) else value
        # Column names are this package's own words, never a client's.
        sql = f"update projects set {column} = ? where name = ?"  # noqa: S608
        sandbox.store.write(sql, kept, project.name)


def _project(row: Row) -> Project:
    def parsed(column: str) -> Json | None:
        return json.loads(row[column]) if row[column] else None

    return Project(
        row["name"],
        row["path"],
        row["default_branch"],
        row["domain"],
        row["created_at"],
        bool(row["auto_assign"]),
        bool(row["rolled_back"]),
        bool(row["hobby"]),
        bool(row["break_next_build"]),
        bool(row["fail_next_checks"]),
        parsed("last_alias_request"),
        parsed("rollback_description"),
    )
