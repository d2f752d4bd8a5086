"""Security alerts of a repository: what scanning found, by source."""

from dataclasses import dataclass

from .. import clock
from ..journal import Cause
from ..project import Project
from ..sandbox import Sandbox
from ..store import Row

SOURCES = ("code-scanning", "dependabot", "secret-scanning")
SEVERITIES = ("low", "medium", "high", "critical")


@dataclass(frozen=True)
class Alert:
    """One alert; numbers count from 1 in each source of each repository."""

    number: int
    summary: str
    severity: str
    created_at: int
    closed_at: int | None

    @property
    def is_open(self) -> bool:
        """Whether nobody has closed it."""
        return self.closed_at is None


def of(sandbox: Sandbox, project: Project, source: str) -> list[Alert]:
    """The alerts of a source, newest first."""
    rows = sandbox.store.rows(
        "select * from alerts where project = ? and source = ? order by number desc",
        project.name,
        source,
    )
    return [_alert(row) for row in rows]


def raise_alert(
    sandbox: Sandbox, project: Project, source: str, summary: str, severity: str, cause: Cause
) -> int:
    """Open an alert; returns its number."""
    with sandbox.store.transaction():
        known = of(sandbox, project, source)
        number = known[0].number + 1 if known else 1
        sandbox.store.write(
            "insert into alerts (project, source, number, summary, severity, created_at)"
            " values (?, ?, ?, ?, ?, ?)",
            project.name,
            source,
            number,
            summary,
            severity,
            clock.now_ms(),
        )
        sandbox.journal.add(
            "github", "alert_opened", project.name, cause, source=source, number=number
        )
    return number


def close(sandbox: Sandbox, project: Project, source: str, number: int, cause: Cause) -> bool:
    """Close an open alert; answers whether there was one."""
    with sandbox.store.transaction():
        found = any(one.number == number and one.is_open for one in of(sandbox, project, source))
        if found:
            sandbox.store.write(
                "update alerts set closed_at = ? where project = ? and source = ? and number = ?",
                clock.now_ms(),
                project.name,
                source,
                number,
            )
            sandbox.journal.add(
                "github", "alert_closed", project.name, cause, source=source, number=number
            )
    return found


def is_on(sandbox: Sandbox, project: Project, source: str) -> bool:
    """Whether the repository has that feature switched on."""
    row = sandbox.store.row(
        "select 1 from alerts_off where project = ? and source = ?", project.name, source
    )
    return row is None


def switch(sandbox: Sandbox, project: Project, source: str, *, on: bool) -> None:
    """Switch the feature on or off."""
    sql = (
        "delete from alerts_off where project = ? and source = ?"
        if on
        else "insert or ignore into alerts_off (project, source) values (?, ?)"
    )
    sandbox.store.write(sql, project.name, source)


def _alert(row: Row) -> Alert:
    return Alert(
        row["number"], row["summary"], row["severity"], row["created_at"], row["closed_at"]
    )
