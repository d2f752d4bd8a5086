"""Pull requests from both sources: the history's merged ones and those opened in the sandbox."""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from .. import clock
from ..git.repository import Repository
from ..project import Project
from ..sandbox import Sandbox
from ..store import Row
from .doors import login
from .landing import Landed, Landings

_OURS = (
    "select pulls.*, coalesce(pull_updates.at, merged_at, created_at) as updated_at from pulls"
    " left join pull_updates using (project, number) where project = ?"
)
_landings: WeakKeyDictionary[Repository, Landings] = WeakKeyDictionary()


@dataclass(frozen=True)
class PullRequest:
    """One pull request. Times in milliseconds; an open one has no merge."""

    number: int
    title: str
    body: str | None
    author: str
    head_ref: str
    head_sha: str
    base_sha: str
    created_at: int
    updated_at: int
    merged_at: int | None
    merge_sha: str | None
    is_ours: bool

    @property
    def state(self) -> str:
        """`open` or `closed`."""
        return "closed" if self.merged_at else "open"


def landings(sandbox: Sandbox, project: Project) -> Landings | None:
    """The index of a project's merged pull requests; None in an empty repository."""
    head = project.head(sandbox)
    if head is None:
        return None
    repository = project.repository(sandbox)
    if repository not in _landings:
        _landings[repository] = Landings(repository)
    return _landings[repository].look(head)


def opened(sandbox: Sandbox, project: Project) -> list[PullRequest]:
    """Those opened in the sandbox, newest first."""
    rows = sandbox.store.rows(f"{_OURS} order by number desc", project.name)
    return [_ours(row) for row in rows]


def find(sandbox: Sandbox, project: Project, number: int) -> PullRequest | None:
    """One by its number."""
    row = sandbox.store.row(f"{_OURS} and number = ?", project.name, number)
    if row is not None:
        return _ours(row)
    index = landings(sandbox, project)
    landed = index.by_number.get(number) if index else None
    return _from_history(sandbox, project, landed) if landed else None


def touch(sandbox: Sandbox, project: Project, number: int) -> None:
    """Something about it changed just now."""
    sandbox.store.write(
        "insert or replace into pull_updates (project, number, at) values (?, ?, ?)",
        project.name,
        number,
        clock.now_ms(),
    )


def of_commit(sandbox: Sandbox, project: Project, sha: str) -> list[PullRequest]:
    """Those that a commit came in by, or is in."""
    ours = [one for one in opened(sandbox, project) if sha in (one.merge_sha, one.head_sha)]
    if ours:
        return ours
    index = landings(sandbox, project)
    landed = index.of_commit(sha) if index else None
    found = find(sandbox, project, landed.number) if landed else None
    return [found] if found else []


def numbers(sandbox: Sandbox, project: Project, state: str = "all") -> list[int]:
    """The numbers of all, `open` or `closed` ones, newest first."""
    ours = {one.number: one.state for one in opened(sandbox, project)}
    if state == "open":
        return [number for number, is_now in ours.items() if is_now == "open"]
    index = landings(sandbox, project)
    merged = set(index.by_number if index else ())
    known = {number for number, is_now in ours.items() if state in ("all", is_now)}
    return sorted(known | merged, reverse=True)


def next_number(sandbox: Sandbox, project: Project) -> int:
    """The number that the next pull request gets."""
    return next(iter(numbers(sandbox, project)), 0) + 1


def _ours(row: Row) -> PullRequest:
    return PullRequest(
        row["number"],
        row["title"],
        row["body"],
        row["author"],
        row["head_ref"],
        row["head_sha"],
        row["base_sha"],
        row["created_at"],
        max(row["updated_at"], row["merged_at"] or 0),
        row["merged_at"],
        row["merge_sha"],
        is_ours=True,
    )


def _from_history(sandbox: Sandbox, project: Project, landed: Landed) -> PullRequest:
    commit = project.repository(sandbox).commit(landed.sha)
    message = commit.message if commit else ""
    body = message.partition("\n")[2].strip()
    title = landed.title
    if landed.is_merge:
        title, _, body = body.partition("\n")
    head = landed.parents[1] if landed.is_merge else landed.sha
    base = landed.parents[0] if landed.parents else landed.sha
    at = landed.at_s * 1000
    return PullRequest(
        landed.number,
        title.strip()[:256] or f"Pull request {landed.number}",
        body.strip() or None,
        login(landed.author),
        landed.head_ref,
        head,
        base,
        at,
        max(at, 1),
        max(at, 1),
        landed.sha,
        is_ours=False,
    )
