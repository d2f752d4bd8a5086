"""What each open pull request is judged by: read when it may have changed, and not otherwise.

The list of open ones tells head and time of change, so reviews and commits are asked for when
these differ; the distance to the trunk when either end moved; checks while they are not settled,
and now and then. A quiet pull request costs two calls in half an hour.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from agentmesh_release.core.text import storable
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.github import Commit, GitHub, Review

from ..models.check_summary import CheckSummary
from ..models.project import Project
from ..models.pull_reading import PullReading
from ..models.pull_request import PullRequest
from ..pulls import judging
from ..pulls.facts import wrong_with
from . import checks

# Each costs up to six calls; more than these wait for the next reading.
AT_ONCE = 8
# GitHub says times in whole seconds: of what changed in this one more may be to come.
SETTLED_AFTER = timedelta(seconds=5)
CHECKS_AGAIN = timedelta(minutes=30)
UNSETTLED_CHECKS_AGAIN = timedelta(minutes=1)
# Checks that run for longer are not waited for in quick steps.
IN_FLIGHT = timedelta(hours=1)
_HEADER_LIMIT = 500
REVIEWS, COMMITS, DISTANCE = "reviews", "commits", "distance"


def read_due(project: Project, now: datetime) -> bool:
    """Read and judge those that may have changed, who waited longest first. Raises ProviderError.

    Answers whether something is in flight, so that it is worth to look again soon.
    """
    pulls = _open(project)
    seen = _checked(project, pulls)
    due = [pull for pull in pulls if _is_due(project, pull, seen.get(pull.head_sha), now)]
    for pull in sorted(due, key=_waits_since)[:AT_ONCE]:
        _read(project, pull, seen.get(pull.head_sha), now)
    is_moving = any(
        pull.head_sha in seen
        and seen[pull.head_sha].outcome == "pending"
        and _changed_at(pull) > now - IN_FLIGHT
        for pull in pulls
    )
    return is_moving or len(due) > AT_ONCE or any(pull.head_sha not in seen for pull in pulls)


def read_one(project: Project, number: int, now: datetime) -> None:
    """Read all of one, if it is open. Raises ProviderError."""
    pull = PullRequest.objects.filter(project=project, number=number).open().first()
    if pull is not None:
        PullReading.objects.filter(pull_request=pull).update(head_sha="", base_sha="")
        pull.refresh_from_db()
        _read(project, pull, None, now)


def _open(project: Project) -> list[PullRequest]:
    found = PullRequest.objects.filter(project=project).open().select_related("reading")
    return list(found.defer("reading__reviews", "reading__commits", "rules"))


def _checked(project: Project, pulls: list[PullRequest]) -> dict[str, CheckSummary]:
    heads = {pull.head_sha for pull in pulls}
    found = CheckSummary.objects.filter(project=project, sha__in=heads).defer("results")
    return {each.sha: each for each in found}


def _reading(pull: PullRequest) -> PullReading | None:
    return getattr(pull, "reading", None)


def _waits_since(pull: PullRequest) -> float:
    reading = _reading(pull)
    return reading.read_at.timestamp() if reading else 0.0


def _changed_at(pull: PullRequest) -> datetime:
    return pull.updated_at or pull.created_at


def _is_due(
    project: Project, pull: PullRequest, checked: CheckSummary | None, now: datetime
) -> bool:
    reading = _reading(pull)
    if reading is None or _is_changed(pull, reading) or _is_elsewhere(project, pull, reading):
        return True
    if reading.unread and now - reading.read_at > UNSETTLED_CHECKS_AGAIN:
        return True
    return _are_checks_due(checked, now)


def _is_changed(pull: PullRequest, reading: PullReading) -> bool:
    same = (reading.head_sha, reading.updated_at) == (pull.head_sha, pull.updated_at)
    return not same or reading.read_at < _changed_at(pull) + SETTLED_AFTER


def _is_elsewhere(project: Project, pull: PullRequest, reading: PullReading) -> bool:
    return (reading.head_sha, reading.base_sha) != (pull.head_sha, project.trunk_sha)


def _are_checks_due(checked: CheckSummary | None, now: datetime) -> bool:
    if checked is None or checked.outcome == "pending":
        return True
    again = CHECKS_AGAIN if checked.outcome == "passed" else UNSETTLED_CHECKS_AGAIN
    return now - checked.read_at > again


def _read(project: Project, pull: PullRequest, checked: CheckSummary | None, now: datetime) -> None:
    """Who breaks off comes last the next time, so that one that fails keeps no other waiting."""
    known, client = _reading(pull), project.github()
    changed = known is None or _is_changed(pull, known) or bool(known.unread)
    elsewhere = known is None or _is_elsewhere(project, pull, known) or bool(known.unread)
    reading = known or PullReading(pull_request=pull)
    reading.read_at = now
    PullReading.objects.update_or_create(pull_request=pull, defaults={"read_at": now})
    if changed:
        _part(reading, REVIEWS, lambda: _reviews(client, project, pull, reading))
        _part(reading, COMMITS, lambda: _commits(client, project, pull, reading))
    if elsewhere:
        _part(reading, DISTANCE, lambda: _distance(client, project, pull, reading))
    if _are_checks_due(checked, now):
        checks.read(project, pull.head_sha, now)
    if changed or elsewhere:
        reading.head_sha, reading.updated_at = pull.head_sha, pull.updated_at
        reading.base_sha = project.trunk_sha
        reading.save()
    judging.judge(project, [pull], now)


def _part(reading: PullReading, name: str, ask: Callable[[], None]) -> None:
    """What GitHub refuses for good is noted as not read; other failures end the reading."""
    try:
        ask()
    except ProviderError as error:
        if not error.permanent:
            raise
        reading.unread = {**reading.unread, name: storable(error.message)}
    else:
        reading.unread = {part: why for part, why in reading.unread.items() if part != name}


def _reviews(client: GitHub, project: Project, pull: PullRequest, reading: PullReading) -> None:
    found = client.pulls.reviews(project.repository, pull.number)
    reading.reviews = [_review(each) for each in found.reviews]


def _review(review: Review) -> dict[str, object]:
    return {
        "id": review.id,
        "login": review.author_login,
        "state": review.state,
        "sha": review.commit_sha,
        "association": review.association,
        "at": review.submitted_at.isoformat() if review.submitted_at else None,
    }


def _commits(client: GitHub, project: Project, pull: PullRequest, reading: PullReading) -> None:
    found = client.pulls.commits(project.repository, pull.number)
    reading.commits = [_commit(each) for each in found.commits]
    reading.may_be_cut = found.may_be_cut


def _commit(commit: Commit) -> dict[str, object]:
    message = storable(commit.message)
    wrong = wrong_with(message)
    return {
        "sha": commit.sha,
        "header": message.strip().split("\n", 1)[0].strip()[:_HEADER_LIMIT],
        "is_merge": len(commit.parents) > 1,
        "author": storable(commit.author_name)[:150],
        "wrong": vars(wrong) if wrong else None,
    }


def _distance(client: GitHub, project: Project, pull: PullRequest, reading: PullReading) -> None:
    """By the commits' names, so that the answer holds for exactly these two."""
    found = client.commits.distance(project.repository, project.trunk_sha, pull.head_sha)
    reading.behind_by = found.behind_by
    seen = client.pulls.get(project.repository, pull.number)
    reading.conflicts = seen.mergeable is False
