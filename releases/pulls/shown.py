"""What pages show of pull requests."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agentmesh_release.core.gates import Checklist

from ..models.deployment import Deployment
from ..models.project import Project
from ..models.pull_feedback import PullFeedback
from ..models.pull_request import PullRequest
from ..readers.reached import Answer, answer
from .facts import Wrong, wrong_with
from .judging import written
from .names import RULES


@dataclass(frozen=True)
class Row:
    """One of the list."""

    pull: PullRequest
    checklist: Checklist
    preview: Deployment | None

    @property
    def is_ready(self) -> bool:
        return self.checklist.is_clear


@dataclass(frozen=True)
class Line:
    """A title or a commit, its first line cut where a fault is: before, the sign, and after it."""

    label: str
    sha: str
    before: str
    at: str
    after: str
    wrong: Wrong | None
    is_merge: bool = False


def rows_of(project: Project, pulls: Iterable[PullRequest], now: datetime) -> list[Row]:
    """The rows of these, in their order; one query for all previews."""
    chosen = list(pulls)
    previews = previews_of(project, {pull.head_sha for pull in chosen})
    return [Row(pull, pull.checklist(now), previews.get(pull.head_sha)) for pull in chosen]


def previews_of(project: Project, shas: set[str]) -> dict[str, Deployment]:
    """The newest preview deployment of each commit."""
    found = Deployment.objects.filter(project=project, sha__in=shas, target="")
    return {each.sha: each for each in found.order_by("created_at")}


def detail(pull: PullRequest, now: datetime) -> dict[str, Any]:
    """All that the page of one shows."""
    project = pull.project
    reading = getattr(pull, "reading", None)
    return {
        "pull": pull,
        "checklist": pull.checklist(now),
        "rules": RULES,
        "reading": reading,
        "preview": previews_of(project, {pull.head_sha}).get(pull.head_sha),
        "title": _line("Title", "", pull.title, wrong_with(pull.title, project.policy.names)),
        "commits": _commits(project, reading.commits) if reading else [],
        "feedback": PullFeedback.objects.filter(pull_request=pull).first(),
        "answer": None if pull.is_open else _arrival(pull),
    }


def _commits(project: Project, kept: Iterable[dict[str, Any]]) -> list[Line]:
    types = project.policy.names
    return [
        _line(each["author"], one.sha, one.header, one.fault(types), is_merge=one.is_merge)
        for each in kept
        for one in [written(each)]
    ]


def _line(label: str, sha: str, text: str, wrong: Wrong | None, *, is_merge: bool = False) -> Line:
    """The fault is marked where it is in the first line, at a blank after it where it ends."""
    at = wrong.column - 1 if wrong and wrong.line == 1 else len(text)
    marked = (text[at : at + 1] or "\N{NO-BREAK SPACE}") if wrong and wrong.line == 1 else ""
    return Line(label, sha, text[:at], marked, text[at + 1 :], wrong, is_merge)


def _arrival(pull: PullRequest) -> Answer | None:
    """Which release carries what landed, and whether production ran it."""
    if pull.state != PullRequest.State.MERGED:
        return None
    found = answer(f"#{pull.number}", pull.project.slug)
    if pull.merge_sha and not (found and found.arrivals):
        return answer(pull.merge_sha, pull.project.slug)
    return found
