"""What the sandbox's continuous integration says of a commit at a moment.

A commit of the history passed, long ago. One that landed in the sandbox goes through queued and
in_progress; how it ends is decided when it lands, and the control page can change it.
"""

from dataclasses import dataclass

from .. import clock
from ..project import Project, change
from ..sandbox import Sandbox

NAMES = ("build", "test", "lint", "security-scan")


@dataclass(frozen=True)
class Run:
    """One check at this moment. Times in milliseconds."""

    name: str
    status: str
    conclusion: str | None
    started_at: int | None
    completed_at: int | None


def begin(sandbox: Sandbox, project: Project, sha: str) -> None:
    """A commit arrived: its checks start now, and fail if the control page asked for that."""
    conclusion = "failure" if project.fail_next_checks else None
    sandbox.store.write(
        "insert or replace into commit_checks (project, sha, started_at, conclusion)"
        " values (?, ?, ?, ?)",
        project.name,
        sha,
        clock.now_ms(),
        conclusion,
    )
    if project.fail_next_checks:
        change(sandbox, project, fail_next_checks=0)


def decide(sandbox: Sandbox, project: Project, sha: str, conclusion: str | None) -> None:
    """From now on the commit's tests end so; None: as usual."""
    sandbox.store.write(
        "insert into commit_checks (project, sha, started_at, conclusion) values (?, ?, 0, ?)"
        " on conflict (project, sha) do update set conclusion = excluded.conclusion",
        project.name,
        sha,
        conclusion,
    )


def runs(sandbox: Sandbox, project: Project, sha: str) -> list[Run]:
    """The checks of a commit, as they stand now."""
    row = sandbox.store.row(
        "select * from commit_checks where project = ? and sha = ?", project.name, sha
    )
    commit = project.repository(sandbox).commit(sha)
    landed_at = row["started_at"] if row else 0
    started = landed_at or (commit.committer.at_s * 1000 if commit else 0)
    lasting = round(sandbox.seconds("check_seconds") * 1000) if landed_at else 60_000
    conclusion = row["conclusion"] if row else None
    return [_run(name, started, lasting, conclusion) for name in NAMES]


def share(name: str) -> float:
    """After which part of the whole time the check of that name ends."""
    return (NAMES.index(name) + 2) / (len(NAMES) + 1)


def _run(name: str, started: int, lasting: int, conclusion: str | None) -> Run:
    """The first quarter is waiting; the checks end one after the other; only `test` ends badly."""
    begins, ends = started + lasting // 4, started + round(lasting * share(name))
    now = clock.now_ms()
    if now < begins:
        return Run(name, "queued", None, None, None)
    if now < ends:
        return Run(name, "in_progress", None, begins, None)
    said = conclusion if conclusion and name == "test" else "success"
    return Run(name, "completed", said, begins, ends)
