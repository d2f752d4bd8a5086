"""What the page shows of one project, gathered once."""

from dataclasses import dataclass

from .. import clock
from ..github import guarding, pullrequests, reviews
from ..github.pullrequests import PullRequest
from ..project import Project
from ..prometheus.expressions import Expression
from ..prometheus.series import Series
from ..sandbox import Sandbox
from ..vercel import deployments
from ..vercel.deployments import PRODUCTION, Deployment
from . import state

WINDOW_S = 10.0


@dataclass(frozen=True)
class Open:
    """An open pull request: what each reviewer said last, and how many commits it is behind."""

    pull: PullRequest
    standing: dict[str, str]
    behind: int

    def who(self, state: str) -> list[str]:
        """Whose last word is that."""
        return [login for login, said in self.standing.items() if said == state]


@dataclass(frozen=True)
class View:
    """One project now."""

    project: Project
    head: str
    subject: str
    live: Deployment | None
    live_name: str
    other: Deployment | None
    building: int
    pulls: list[Open]
    guard: str
    conditions: list[str]
    live_is_bad: bool
    errors: float | None
    p95_s: float | None


def gather(sandbox: Sandbox, owner: Project) -> View:
    """Read everything that the page needs to know of a project."""
    head = owner.head(sandbox) or ""
    commit = owner.repository(sandbox).commit(head) if head else None
    every = deployments.of(sandbox, owner)
    live = deployments.live(sandbox, owner)
    errors, p95_s = _signals(sandbox, owner)
    return View(
        owner,
        head,
        commit.subject if commit else "",
        live,
        _name(sandbox, owner, live),
        _other(every, live),
        sum(one.state in ("QUEUED", "BUILDING") for one in every),
        [
            _open(sandbox, owner, one, head)
            for one in pullrequests.opened(sandbox, owner)
            if not one.merged_at
        ],
        guarding.of(sandbox, owner).kind,
        state.conditions(sandbox, owner),
        live is not None and live.sha in state.bad_commits(sandbox, owner),
        errors,
        p95_s,
    )


def _signals(sandbox: Sandbox, owner: Project) -> tuple[float | None, float | None]:
    series = Series(sandbox, owner)
    if not series.has_data:
        return None, None
    now = clock.now_ms() / 1000
    errors = series.value(Expression("errors", owner.name, WINDOW_S), now)
    return errors, series.value(Expression("quantile", owner.name, WINDOW_S, 0.95), now)


def _name(sandbox: Sandbox, owner: Project, live: Deployment | None) -> str:
    """The version tag of what is live, else its commit."""
    if live is None:
        return ""
    refs = owner.repository(sandbox).refs.items()
    tags = [
        ref.short for name, ref in refs if name.startswith("refs/tags/") and ref.commit == live.sha
    ]
    return tags[-1] if tags else live.sha[:7]


def _other(every: list[Deployment], live: Deployment | None) -> Deployment | None:
    """What a change outside the product would put live."""
    ready = [
        one
        for one in every
        if one.state == "READY" and one.target == PRODUCTION and (not live or one.id != live.id)
    ]
    return min(ready, key=lambda one: one.substate != "STAGED", default=None)


def _open(sandbox: Sandbox, owner: Project, pull: PullRequest, head: str) -> Open:
    standing = {row["login"]: row["state"] for row in reviews.of(sandbox, owner, pull.number)}
    behind = owner.repository(sandbox).history.count(f"{pull.head_sha}..{head}")
    return Open(pull, standing, behind)
