"""Which webhook events follow from an act: GitHub tells of what it journals here.

One act may lead to several: a commit that lands is a push now, and checks that end later.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .. import clock, ids
from ..project import Project
from ..sandbox import Sandbox
from ..wire import Json
from . import ci
from .doors import user

NOBODY = "0" * 40
# How much later than the checks we look, so that their end is there to be seen.
MARGIN_MS = 50


@dataclass(frozen=True)
class Happening:
    """One event to tell of: its name, what of its payload is its own, and when (milliseconds)."""

    event: str
    fields: Json
    at_ms: int

    @property
    def action(self) -> str | None:
        return self.fields.get("action")


def of(sandbox: Sandbox, project: Project, act: Json) -> list[Happening]:
    """What follows from one entry of the journal; nothing where GitHub says nothing."""
    detail, now = act["detail"], clock.now_ms()
    tell = _TOLD.get(act["kind"])
    told = [
        Happening(event, fields, now) for event, fields in (tell(project, detail) if tell else [])
    ]
    if act["kind"] in ("commit_landed", "checks_decided", "pull_opened", "pull_synchronized"):
        told += _checks(sandbox, project, detail["sha"])
    return told


def payload(project: Project, origin: str, happening: Happening) -> Json:
    """The whole payload, with what every one of them holds."""
    api = f"{origin}/github/repos/{project.full_name}"
    return happening.fields | {
        "repository": {
            "id": ids.number("repository", project.name),
            "node_id": ids.node("repository", project.name),
            "name": project.name,
            "full_name": project.full_name,
            "private": False,
            "owner": user("demo", origin),
            "html_url": f"{origin}/github/{project.full_name}",
            "url": api,
            "default_branch": project.default_branch,
        },
        "sender": user("demo", origin),
    }


Told = list[tuple[str, Json]]


def _landed(_: Project, detail: Json) -> Told:
    return [("push", _push(f"refs/heads/{detail['ref']}", "", detail["sha"]))]


def _ref_created(project: Project, detail: Json) -> Told:
    pushed = _push(detail["ref"], "", detail["sha"], created=True)
    return [("push", pushed), ("create", _ref(project, detail["ref"]))]


def _ref_updated(_: Project, detail: Json) -> Told:
    return [("push", _push(detail["ref"], detail["from"], detail["sha"], forced=True))]


def _ref_deleted(project: Project, detail: Json) -> Told:
    pushed = _push(detail["ref"], detail["sha"], NOBODY, deleted=True)
    return [("push", pushed), ("delete", _ref(project, detail["ref"]))]


def _refreshed(_: Project, detail: Json) -> Told:
    return [("push", _push(ref, "", "")) for ref in detail["refs"]]


def _released(action: str) -> Callable[[Project, Json], Told]:
    return lambda _, detail: [
        ("release", {"action": action, "release": {"tag_name": detail["tag"]}})
    ]


def _of_pull(event: str, action: str) -> Callable[[Project, Json], Told]:
    return lambda _, detail: [(event, _pull(detail["number"], action))]


def _checked(_: Project, detail: Json) -> Told:
    return [("check_run", _check(detail["sha"], detail["name"], detail["conclusion"]))]


def _stated(_: Project, detail: Json) -> Told:
    return [("status", {"sha": detail["sha"], "state": detail.get("state")})]


def _ruled(_: Project, _detail: Json) -> Told:
    return [("branch_protection_rule", {"action": "edited"})]


def _alerted(_: Project, detail: Json) -> Told:
    event = f"{detail['source'].replace('-', '_')}_alert"
    return [(event, {"action": "created", "alert": {"number": detail["number"]}})]


_TOLD: Mapping[str, Callable[[Project, Json], Told]] = {
    "commit_landed": _landed,
    "ref_created": _ref_created,
    "ref_updated": _ref_updated,
    "ref_deleted": _ref_deleted,
    "repository_refreshed": _refreshed,
    "release_created": _released("published"),
    "release_updated": _released("edited"),
    "release_deleted": _released("deleted"),
    "pull_opened": _of_pull("pull_request", "opened"),
    "pull_merged": _of_pull("pull_request", "closed"),
    "pull_edited": _of_pull("pull_request", "edited"),
    "pull_synchronized": _of_pull("pull_request", "synchronize"),
    "review_submitted": _of_pull("pull_request_review", "submitted"),
    "review_dismissed": _of_pull("pull_request_review", "dismissed"),
    "check_run_created": _checked,
    "status_created": _stated,
    "protection_changed": _ruled,
    "alert_opened": _alerted,
    "alert_closed": _alerted,
}


def _checks(sandbox: Sandbox, project: Project, sha: str) -> list[Happening]:
    """The checks of a commit end one after the other; their suite ends with the last."""
    lasting_ms = round(sandbox.seconds("check_seconds") * 1000)
    ends = [
        (name, clock.now_ms() + round(lasting_ms * ci.share(name)) + MARGIN_MS) for name in ci.NAMES
    ]
    told = [Happening("check_run", _check(sha, name, None), at_ms) for name, at_ms in ends]
    suite = {"action": "completed", "check_suite": {"head_sha": sha, "status": "completed"}}
    return [*told, Happening("check_suite", suite, ends[-1][1] + MARGIN_MS)]


def _push(
    ref: str,
    before: str,
    after: str,
    *,
    created: bool = False,
    deleted: bool = False,
    forced: bool = False,
) -> Json:
    return {
        "ref": ref,
        "before": before or NOBODY,
        "after": after or NOBODY,
        "created": created,
        "deleted": deleted,
        "forced": forced,
        "commits": [],
    }


def _ref(project: Project, name: str) -> Json:
    kind = "tag" if name.startswith("refs/tags/") else "branch"
    return {
        "ref": name.split("/", 2)[2],
        "ref_type": kind,
        "master_branch": project.default_branch,
    }


def _pull(number: int, action: str) -> Json:
    return {"action": action, "number": number, "pull_request": {"number": number}}


def _check(sha: str, name: str, conclusion: str | None) -> Json:
    run = {"name": name, "head_sha": sha, "status": "completed", "conclusion": conclusion}
    return {"action": "completed", "check_run": run}
