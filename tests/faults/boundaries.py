"""Holding a worker exactly where an operation's step begins or ends, in the database itself.

A trigger on the steps takes a lock that the test holds, so the worker stands still in the middle of
its transaction until it is let go; who dies there has not begun, or not ended, that step.
"""

import contextlib
from dataclasses import dataclass
from typing import Any

import psycopg

from agentmesh_release.core.operations import kinds

from .town import Town

KEY = 0xFA17

_SETUP = """
CREATE TABLE IF NOT EXISTS fault_boundary (key int PRIMARY KEY, kind text, step text, state text);
GRANT SELECT ON fault_boundary TO PUBLIC;
CREATE OR REPLACE FUNCTION fault_boundary() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found int;
BEGIN
    SELECT key INTO found FROM fault_boundary b JOIN core_operation o ON o.kind = b.kind
    WHERE o.id = NEW.operation_id AND b.step = NEW.name AND b.state = NEW.state
      AND OLD.state IS DISTINCT FROM NEW.state;
    IF found IS NOT NULL THEN PERFORM pg_advisory_xact_lock_shared(%(key)s, found); END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS fault_boundary ON core_step;
CREATE TRIGGER fault_boundary BEFORE UPDATE ON core_step
    FOR EACH ROW EXECUTE FUNCTION fault_boundary();
""".replace("%(key)s", str(KEY))


@dataclass(frozen=True)
class Boundary:
    """The moment at which a step of an operation of that kind becomes `running` or `done`."""

    kind: str
    step: str
    state: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.step} {self.state}"


def boundaries(*names: str) -> list[Boundary]:
    """Every boundary of operations of these kinds, as they are registered, in their order."""
    return [
        Boundary(name, step.name, state)
        for name in names
        for step in kinds.get(name).steps
        for state in ("running", "done")
    ]


class Barrier:
    """Holds whoever comes to one of these boundaries, until it is let go."""

    def __init__(self, town: Town, *held: Boundary) -> None:
        self.town = town
        self._held = {boundary: key for key, boundary in enumerate(held, 1)}
        self._connection: psycopg.Connection[Any] | None = None
        town.execute(_SETUP)
        town.execute("TRUNCATE fault_boundary")
        for boundary, key in self._held.items():
            self._lock(key)
            town.execute(
                "INSERT INTO fault_boundary VALUES (%s, %s, %s, %s)",
                key,
                boundary.kind,
                boundary.step,
                boundary.state,
            )

    def wait(self, boundary: Boundary) -> None:
        """Return when somebody stands there, or has passed while the database came back: it has
        forgotten the locks by then, and a worker may be quicker than `lost`."""
        waits = (
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            " AND classid = %s AND objid = %s"
        )
        key = self._held[boundary]
        self.town.until(
            lambda: bool(self.town.row(waits, KEY, key)[0]) or self._is_passed(boundary),
            f"nobody came to {boundary}",
        )

    def _is_passed(self, boundary: Boundary) -> bool:
        said = (
            "SELECT state FROM core_step WHERE name = %s AND operation_id ="
            " (SELECT max(id) FROM core_operation WHERE kind = %s)"
        )
        passed = ("running", "done") if boundary.state == "running" else ("done",)
        return self.town.row(said, boundary.step, boundary.kind)[0] in passed

    def forget(self, boundary: Boundary) -> None:
        """Hold nobody there any more but who stands there now."""
        key = self._held[boundary]
        self.town.row("WITH gone AS (DELETE FROM fault_boundary WHERE key = %s) SELECT 1", key)

    def let_go(self, boundary: Boundary) -> None:
        """Let go whoever stands there, and whoever comes after."""
        self.forget(boundary)
        key = self._held.pop(boundary)
        with contextlib.suppress(psycopg.OperationalError):
            self._ask("SELECT pg_advisory_unlock(%s, %s)", KEY, key)

    def lost(self, boundary: Boundary) -> None:
        """The database was killed and has forgotten the locks: take the others again."""
        self._held.pop(boundary)
        self._hang_up()
        for key in self._held.values():
            self._lock(key)

    def close(self) -> None:
        self._hang_up()
        self.town.execute("DROP TRIGGER IF EXISTS fault_boundary ON core_step")

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _lock(self, key: int) -> None:
        self._ask("SELECT pg_advisory_lock(%s, %s)", KEY, key)

    def _ask(self, statement: str, *values: object) -> None:
        if self._connection is None:
            self.town.row("SELECT 1")  # it answers (again)
            self._connection = self.town.database()
        self._connection.execute(statement, values)
