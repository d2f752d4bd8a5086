"""Check runs and commit statuses: two systems that say "CI", and both count.

https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/troubleshooting-required-status-checks
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.fields import Fields
from agentmesh_release.providers.github.connection import at, pages
from agentmesh_release.providers.http import Http


class Outcome(StrEnum):
    """What a result means for a gate. Skipped and neutral are no proof; unknown is a word that
    GitHub did not have when this was written, and is not passed."""

    PASSED = "passed"
    FAILED = "failed"
    PENDING = "pending"
    SKIPPED = "skipped"
    NEUTRAL = "neutral"
    UNKNOWN = "unknown"
    ABSENT = "absent"


# https://docs.github.com/en/rest/checks/runs#create-a-check-run; startup_failure is a workflow's.
CONCLUSIONS = {
    "success": Outcome.PASSED,
    "failure": Outcome.FAILED,
    "cancelled": Outcome.FAILED,
    "timed_out": Outcome.FAILED,
    "action_required": Outcome.FAILED,
    "startup_failure": Outcome.FAILED,
    "skipped": Outcome.SKIPPED,
    "neutral": Outcome.NEUTRAL,
}
UNFINISHED = frozenset({"queued", "in_progress", "waiting", "requested", "pending"})
# https://docs.github.com/en/rest/commits/statuses
STATES = {
    "success": Outcome.PASSED,
    "failure": Outcome.FAILED,
    "error": Outcome.FAILED,
    "pending": Outcome.PENDING,
}


@dataclass(frozen=True)
class RequiredCheck:
    """A check that must pass; from one app only when `app_id` is given."""

    name: str
    app_id: int | None = None


@dataclass(frozen=True)
class CheckRun:
    """A check run, the latest of its name. `conclusion` is None until it is completed."""

    id: int
    name: str
    status: str
    conclusion: str | None
    app_id: int | None
    app_slug: str | None
    head_sha: str
    started_at: datetime | None
    completed_at: datetime | None
    html_url: str | None

    @property
    def outcome(self) -> Outcome:
        """What the run means; words that are not known are not passed."""
        if self.status == "completed":
            return CONCLUSIONS.get(self.conclusion or "", Outcome.UNKNOWN)
        return Outcome.PENDING if self.status in UNFINISHED else Outcome.UNKNOWN


@dataclass(frozen=True)
class CommitStatus:
    """A commit status, the latest of its context."""

    context: str
    state: str
    description: str
    target_url: str | None
    updated_at: datetime | None

    @property
    def outcome(self) -> Outcome:
        """What the status means; words that are not known are not passed."""
        return STATES.get(self.state, Outcome.UNKNOWN)


@dataclass(frozen=True)
class CheckResult:
    """One line of a checks summary: `source` check or status, `said` the provider's own word."""

    name: str
    source: str
    outcome: Outcome
    said: str
    app_id: int | None = None
    url: str | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True)
class Checks:
    """Everything CI says of a commit, and when that was read."""

    results: tuple[CheckResult, ...]
    read_at: datetime

    def having(self, outcome: Outcome) -> tuple[CheckResult, ...]:
        """The results with one outcome."""
        return tuple(result for result in self.results if result.outcome is outcome)

    @property
    def overall(self) -> Outcome:
        """The worst of all; `absent` when there are none, and never `passed` on results that are
        all skipped or neutral."""
        present = {result.outcome for result in self.results}
        blocking = (Outcome.FAILED, Outcome.UNKNOWN, Outcome.ABSENT, Outcome.PENDING)
        for outcome in (*blocking, Outcome.PASSED, Outcome.NEUTRAL, Outcome.SKIPPED):
            if outcome in present:
                return outcome
        return Outcome.ABSENT

    def required(self, checks: Iterable[RequiredCheck]) -> Checks:
        """Only what is required: a check and a status of the same name both count, another app's
        check of that name does not, and one that never reported is `absent`."""
        found: list[CheckResult] = []
        for check in checks:
            matching = [result for result in self.results if _matches(check, result)]
            absent = CheckResult(check.name, "check", Outcome.ABSENT, "never reported")
            found.extend(matching or [absent])
        return Checks(tuple(dict.fromkeys(found)), self.read_at)


def _matches(check: RequiredCheck, result: CheckResult) -> bool:
    return check.name == result.name and check.app_id in (None, result.app_id)


class ChecksOfCommits:
    """What CI says of commits."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def runs(self, repo: str, ref: str) -> tuple[CheckRun, ...]:
        """The latest check run of each name, all pages.

        https://docs.github.com/en/rest/checks/runs#list-check-runs-for-a-git-reference
        """
        path = at(repo, "commits", ref, "check-runs")
        return tuple(map(_check_run, self._all(path, "check_runs", filter="latest")))

    def statuses(self, repo: str, ref: str) -> tuple[CommitStatus, ...]:
        """The latest status of each context, all pages. The combined state is not used: it is
        "pending" for a repository that has only check runs.

        https://docs.github.com/en/rest/commits/statuses#get-the-combined-status-for-a-specific-reference
        """
        return tuple(map(_status, self._all(at(repo, "commits", ref, "status"), "statuses")))

    def summary(self, repo: str, ref: str) -> Checks:
        """Both systems in one list, checks first."""
        runs = [_of_run(run) for run in self.runs(repo, ref)]
        statuses = [_of_status(status) for status in self.statuses(repo, ref)]
        return Checks((*runs, *statuses), datetime.now(UTC))

    def _all(self, path: str, key: str, **params: str) -> list[Fields]:
        """A list that stays shorter than its `total_count` is an error: the missing result may
        be the one that failed."""
        found: list[Fields] = []
        total = 0
        for page in pages(self._http, path, **params):
            fields = Fields.of(page.data, "GitHub's list of checks")
            found.extend(fields.parts(key))
            total = fields.whole("total_count")
        if len(found) < total:
            raise ProviderError(f"GitHub listed {len(found)} of {total} {key.replace('_', ' ')}.")
        return found


def _check_run(fields: Fields) -> CheckRun:
    app = fields.part("app")
    return CheckRun(
        id=fields.whole("id"),
        name=fields.text("name"),
        status=fields.text("status"),
        conclusion=fields.maybe_text("conclusion"),
        app_id=app.maybe_whole("id"),
        app_slug=app.maybe_text("slug"),
        head_sha=fields.text("head_sha"),
        started_at=fields.maybe_time("started_at"),
        completed_at=fields.maybe_time("completed_at"),
        html_url=fields.maybe_text("html_url"),
    )


def _status(fields: Fields) -> CommitStatus:
    return CommitStatus(
        context=fields.text("context"),
        state=fields.text("state"),
        description=fields.maybe_text("description") or "",
        target_url=fields.maybe_text("target_url"),
        updated_at=fields.maybe_time("updated_at"),
    )


def _of_run(run: CheckRun) -> CheckResult:
    said = run.conclusion or run.status
    return CheckResult(
        run.name, "check", run.outcome, said, run.app_id, run.html_url, run.completed_at
    )


def _of_status(status: CommitStatus) -> CheckResult:
    finished_at = None if status.outcome is Outcome.PENDING else status.updated_at
    return CheckResult(
        status.context,
        "status",
        status.outcome,
        status.state,
        None,
        status.target_url,
        finished_at,
    )
