"""What the author of a pull request is told at GitHub, and the telling of it.

The row is the queue: GitHub being down loses nothing, what is newer replaces what was not told yet,
and nothing is said twice.
"""

from dataclasses import asdict
from datetime import timedelta
from typing import Literal

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from agentmesh_release.core import live
from agentmesh_release.core.backoff import backoff_s
from agentmesh_release.core.gates import Checklist, Item
from agentmesh_release.core.leases import ClockTimestamp
from agentmesh_release.core.sweep import duty
from agentmesh_release.core.text import storable
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.github import Feedback

from ..conventional.markdown import escaped
from ..models.project import Project
from ..models.pull_feedback import PullFeedback
from ..models.pull_request import PullRequest
from .names import CI, context_of

LEASE = timedelta(seconds=60)
NBSP = "\N{NO-BREAK SPACE}"
_MARKS = {"passed": "✅", "failed": "❌", "pending": "⏳", "inconclusive": "❔"}
MET = "All four trunk rules are met."


def want(project: Project, pull: PullRequest, checklist: Checklist) -> None:
    """Have GitHub told how it stands, unless it was told just that; in a project that wants it."""
    if not (project.reports_back and pull.is_open and len(checklist)):
        return
    content = asdict(content_of(project, pull, checklist))
    with transaction.atomic():
        row, is_new = PullFeedback.objects.select_for_update().get_or_create(
            pull_request=pull, defaults={"head_sha": pull.head_sha, "content": content}
        )
        if is_new or (row.head_sha, row.content) == (pull.head_sha, content):
            return
        PullFeedback.objects.filter(pk=row.pk).update(
            head_sha=pull.head_sha,
            content=content,
            state=PullFeedback.State.DUE,
            due_at=ClockTimestamp(),
            attempts=0,
            error="",
        )


def content_of(project: Project, pull: PullRequest, checklist: Checklist) -> Feedback:
    """The words: what is not met, and what mends it."""
    path = reverse("pull", args=[project.slug, pull.number])
    blockers = checklist.blockers
    title = " ".join(item.verdict.summary for item in blockers).replace(NBSP, " ") or MET
    lines = [_line(item) for item in checklist]
    return Feedback(
        name=context_of(project.slug, project.folder),
        state=_state(checklist),
        title=storable(title),
        text=storable("\n".join([*lines, "", f"[More about it]({settings.BASE_URL}{path})"])),
        url=f"{settings.BASE_URL}{path}",
    )


def _state(checklist: Checklist) -> Literal["passed", "failed", "pending"]:
    if checklist.is_clear:
        return "passed"
    return "failed" if any(item.state == "failed" for item in checklist) else "pending"


def _line(item: Item) -> str:
    """Which checks still run changes by the second, and GitHub shows it itself."""
    said = f"- {_MARKS.get(item.state, '❔')} **{item.label}.** {escaped(item.verdict.summary)}"
    is_running = item.gate == CI and item.state == "pending"
    way = "" if is_running else item.verdict.way
    return f"{said} {escaped(way)}" if way else said


def tell(pk: int) -> None:
    """Tell GitHub once, if it is due and nobody is at it."""
    claimed: PullFeedback | None = PullFeedback.objects.to_tell().claim(pk, LEASE)
    if claimed is None:
        return
    project = Project.objects.get(pull_requests=pk)
    said = Feedback(**claimed.content)
    try:
        project.github().feedback.ensure(project.repository, claimed.head_sha, said)
    except ProviderError as error:
        _put_off(project, claimed, error)
    else:
        _settle(project, claimed)


def _settle(project: Project, claimed: PullFeedback) -> None:
    mine = PullFeedback.objects.filter(pk=claimed.pk, lease_token=claimed.lease_token)
    told = mine.filter(head_sha=claimed.head_sha, content=claimed.content).update(
        state=PullFeedback.State.TOLD,
        lease_until=None,
        told_at=ClockTimestamp(),
        attempts=0,
        error="",
    )
    if told:
        live.stale(f"project:{project.slug}")
    else:
        mine.update(lease_until=None)  # there is something newer to say


def _put_off(project: Project, claimed: PullFeedback, error: ProviderError) -> None:
    attempts = claimed.attempts + 1
    delay_s = max(backoff_s(attempts), error.retry_after or 0.0)
    mine = PullFeedback.objects.filter(pk=claimed.pk, lease_token=claimed.lease_token)
    same = mine.filter(head_sha=claimed.head_sha, content=claimed.content)
    refused = {"state": PullFeedback.State.FAILED} if error.permanent else {}
    put_off = same.update(
        lease_until=None,
        due_at=ClockTimestamp() + timedelta(seconds=delay_s),
        attempts=attempts,
        error=storable(error.message),
        **refused,
    )
    if not put_off:
        mine.update(lease_until=None)
    elif claimed.error != error.message:
        live.stale(f"project:{project.slug}")


duty("feedback", lambda: PullFeedback.objects.to_tell().due(), tell)
