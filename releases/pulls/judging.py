"""Judging pull requests by what is stored of them; nobody is asked."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from agentmesh_release.core import gates, live
from agentmesh_release.core.gates import Checklist
from agentmesh_release.providers.github import (
    CheckResult,
    Checks,
    Outcome,
    Review,
    Reviews,
)

from ..models.branch_protection import BranchProtection
from ..models.check_summary import CheckSummary
from ..models.project import Project
from ..models.pull_reading import PullReading
from ..models.pull_request import PullRequest
from . import feedback, stored_protection
from .facts import Commits, Facts, Unread, Written, Wrong
from .rules import TRUNK


def judge_all(project: Project, now: datetime) -> None:
    """Judge every open one anew, e.g. since the protection of the branch is another."""
    judge(project, PullRequest.objects.filter(project=project).open(), now)


def judge(project: Project, pulls: Iterable[PullRequest], now: datetime) -> None:
    """Judge these, keep the verdicts, and have GitHub told; pages hear of what changed."""
    chosen = list(pulls)
    readings = PullReading.objects.in_bulk([pull.pk for pull in chosen])
    summaries = {
        each.sha: each
        for each in CheckSummary.objects.filter(
            project=project, sha__in={pull.head_sha for pull in chosen}
        )
    }
    protection = BranchProtection.objects.filter(project=project).first()
    changed = False
    for pull in chosen:
        facts = facts_of(
            project, pull, readings.get(pull.pk), summaries.get(pull.head_sha), protection
        )
        changed |= _keep(project, pull, gates.evaluate(TRUNK, facts, now))
    if changed:
        live.stale(f"project:{project.slug}")


def _keep(project: Project, pull: PullRequest, checklist: Checklist) -> bool:
    before, pull.rules = pull.rules, checklist.as_json()
    judged = PullRequest.objects.filter(pk=pull.pk, head_sha=pull.head_sha)
    if not judged.update(rules=pull.rules):
        return False  # a newer head is judged when it is read
    feedback.want(project, pull, checklist)
    return _words(before) != _words(pull.rules)


def _words(rules: dict[str, Any]) -> list[tuple[str, str]]:
    return [(item["state"], item["summary"]) for item in rules.get("items", [])]


def facts_of(
    project: Project,
    pull: PullRequest,
    reading: PullReading | None,
    summary: CheckSummary | None,
    protection: BranchProtection | None,
) -> Facts:
    """What is stored of a pull request, as the rules take it."""
    known = stored_protection.read(protection) if protection else None
    if reading is not None and reading.head_sha != pull.head_sha:
        reading = None  # of an earlier head
    return Facts(
        title=pull.title,
        author=pull.author,
        head_sha=pull.head_sha,
        branch=pull.head_ref,
        base=project.default_branch,
        checks=_checks(summary) if summary else None,
        required=known.required_checks if known else None,
        reviews=_reviews(reading),
        approvals_required=max(1, (known and known.approvals_required) or 0),
        behind_by=_behind_by(reading, project.trunk_sha),
        conflicts=bool(reading and reading.conflicts),
        commits=_commits(reading),
        types=project.policy.names,
        listed_at=pull.read_at,
        repository_url=project.repository_url,
        url=pull.url,
    )


def _checks(summary: CheckSummary) -> Checks:
    return Checks(tuple(map(_result, summary.results)), summary.read_at)


def _result(kept: dict[str, Any]) -> CheckResult:
    return CheckResult(
        kept["name"],
        kept.get("source", "check"),
        Outcome(kept["outcome"]),
        kept.get("said", kept["outcome"]),
        kept.get("app_id"),
        kept["url"] or None,
    )


def _reviews(reading: PullReading | None) -> Reviews | Unread:
    if reading is None or "reviews" in reading.unread:
        return Unread(reading.unread["reviews"] if reading else "")
    return Reviews(
        tuple(
            Review(each["id"], each["login"], each["state"], each["sha"], None, each["association"])
            for each in reading.reviews
        )
    )


def _behind_by(reading: PullReading | None, trunk_sha: str) -> int | Unread:
    if reading is None or "distance" in reading.unread:
        return Unread(reading.unread["distance"] if reading else "")
    if reading.behind_by is None or reading.base_sha != trunk_sha:
        return Unread()  # the trunk has moved since
    return reading.behind_by


def _commits(reading: PullReading | None) -> Commits | Unread:
    if reading is None or "commits" in reading.unread:
        return Unread(reading.unread["commits"] if reading else "")
    return Commits([written(each) for each in reading.commits], reading.may_be_cut)


def written(kept: dict[str, Any]) -> Written:
    """A commit as it is kept."""
    wrong = Wrong(**kept["wrong"]) if kept["wrong"] else None
    return Written(kept["sha"], kept["header"], kept["is_merge"], wrong)
