"""What we say of a commit at GitHub, once: a commit status, or a check run where we are an App.

Only a GitHub App may create check runs.
https://docs.github.com/en/rest/guides/using-the-rest-api-to-interact-with-checks
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from agentmesh_release.providers.asks import Ask
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.fields import Fields
from agentmesh_release.providers.github.connection import at
from agentmesh_release.providers.http import Http

CREATED = frozenset({201})
DESCRIPTION_LIMIT = 140  # characters of a commit status
TEXT_LIMIT = 65_535  # characters of a check run's summary

_STATUS_OF = {"passed": "success", "failed": "failure", "pending": "pending"}
_CONCLUSION_OF = {"passed": "success", "failed": "failure"}


@dataclass(frozen=True)
class Feedback:
    """`name` is the context or the name of the check, `title` one line, `text` Markdown (a status
    has no place for it), `url` the page that says more."""

    name: str
    state: Literal["passed", "failed", "pending"]
    title: str
    text: str
    url: str


class FeedbackOnCommits:
    """What we say of commits. `app_id` says that we speak as that App, with check runs."""

    def __init__(self, http: Http, app_id: int | None) -> None:
        self._http = http
        self._app_id = app_id

    def ensure(self, repo: str, sha: str, feedback: Feedback) -> None:
        """See to it that GitHub shows this; nothing is written where it does already.

        Asking twice, or after a lost answer, says it once. Raises ProviderError.
        """
        if self._app_id is None:
            self._ensure_status(repo, sha, feedback)
        else:
            self._ensure_run(repo, sha, feedback, self._app_id)

    def _ensure_status(self, repo: str, sha: str, feedback: Feedback) -> None:
        """https://docs.github.com/en/rest/commits/statuses#create-a-commit-status"""
        wanted = {
            "context": feedback.name,
            "state": _STATUS_OF[feedback.state],
            "description": shortened(feedback.title, DESCRIPTION_LIMIT),
            "target_url": feedback.url,
        }
        there = self._http.get(at(repo, "commits", sha, "status"), per_page=100)
        if any(_says(one, wanted) for one in Fields.of(there.data, "status").parts("statuses")):
            return
        ask = Ask("POST", at(repo, "statuses", sha), json=wanted, expect=CREATED)
        _confirm(Fields.of(self._http.ask(ask).data, "GitHub's status"), wanted)

    def _ensure_run(self, repo: str, sha: str, feedback: Feedback, app_id: int) -> None:
        """https://docs.github.com/en/rest/checks/runs#create-a-check-run"""
        wanted = _run(feedback)
        there = self._http.get(at(repo, "commits", sha, "check-runs"), check_name=feedback.name)
        listed = Fields.of(there.data, "GitHub's list of checks").parts("check_runs")
        ours = [one for one in listed if one.part("app").maybe_whole("id") == app_id]
        if ours and _shows(ours[0], wanted):
            return
        if ours and not _begins_anew(ours[0], wanted):
            path = at(repo, "check-runs", str(ours[0].whole("id")))
            answer = self._http.ask(Ask("PATCH", path, json=wanted))
        else:
            body = {**wanted, "head_sha": sha}
            answer = self._http.ask(Ask("POST", at(repo, "check-runs"), json=body, expect=CREATED))
        _confirm(Fields.of(answer.data, "GitHub's check run"), {"status": wanted["status"]})


def shortened(text: str, limit: int) -> str:
    """At most so many characters, with an ellipsis where some were left out."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _run(feedback: Feedback) -> dict[str, object]:
    conclusion = _CONCLUSION_OF.get(feedback.state)
    ended = {"status": "completed", "conclusion": conclusion}
    output = {"title": feedback.title, "summary": shortened(feedback.text, TEXT_LIMIT)}
    return {
        "name": feedback.name,
        "details_url": feedback.url,
        "output": output,
        **(ended if conclusion else {"status": "in_progress"}),
    }


def _says(fields: Fields, wanted: dict[str, str]) -> bool:
    return all((fields.maybe_text(name) or "") == value for name, value in wanted.items())


def _shows(fields: Fields, wanted: dict[str, object]) -> bool:
    output = wanted["output"]
    simple = {key: value for key, value in wanted.items() if key != "output"}
    return all(fields.data.get(key) == value for key, value in simple.items()) and (
        isinstance(output, dict)
        and all(fields.part("output").data.get(key) == value for key, value in output.items())
    )


def _begins_anew(fields: Fields, wanted: dict[str, object]) -> bool:
    """A run that has ended stays so: what is pending again is a new one of the same name."""
    return fields.maybe_text("status") == "completed" and wanted["status"] != "completed"


def _confirm(answer: Fields, wanted: dict[str, object] | dict[str, str]) -> None:
    for name in ("state", "status"):
        if name in wanted and answer.data.get(name) != wanted[name]:
            raise ProviderError(f"GitHub took the feedback and shows another {name} than was sent.")
