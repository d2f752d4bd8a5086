"""The parts of a record that come from outside: git, GitHub, Vercel, and what CI sent."""

from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import Length, Right

from agentmesh_release.core.figures import count

from .. import artifacts
from ..models.commit import Commit
from ..models.deployment import Deployment
from ..models.release import Release
from ..models.release_pull import ReleasePull
from ..rows import moments
from .beside_release import MOST_DIRECT, first, rows_of
from .links import followable
from .record import Extent, Part

PULL = (
    "number", "title", "author", "url", "merged_at", "approved_by", "approved_earlier",
    "changes_requested_by", "read_at", "why",
)  # fmt: skip


def git(release: Release, extent: Extent) -> Part:
    told = Commit.objects.told_by(release)
    authors = told.order_by().values("author_name").annotate(commits=Count("id"))
    direct, previous = rows_of(release, "direct"), release.previous
    url = release.project.repository_url
    data = {
        "repository": release.project.repository,
        "from": {"tag": previous.tag, "commit": previous.commit_sha} if previous else None,
        "to": {"tag": release.tag, "commit": release.commit_sha},
        "compare_url": f"{url}/compare/{previous.commit_sha}...{release.commit_sha}"
        if previous
        else "",
        "commit_count": release.commit_count,
        "authors": [
            {"name": each["author_name"], "commits": each["commits"]}
            for each in authors.order_by("-commits", "author_name")
        ],
        "without_pull_request": direct,
        "without_pull_request_may_be_cut": len(direct) == MOST_DIRECT,
    }
    if extent.has_commits:
        fields = ("sha", "subject", "author_name", "committed_at", "pull_request")
        data["commits"] = list(told.order_by("position").values(*fields))
    return Part("git", "Git range", "The repository's history, as it was read", data)


def pulls(release: Release, extent: Extent) -> Part:
    rows = list(_counted(release)[: extent.pulls])
    counted = {name: rows[0][name] if rows else 0 for name in ("named", "read", "approved")}
    dossier = getattr(release, "dossier", None)
    unread = counted["named"] - counted["read"]
    unknown = ""
    if dossier is None:
        unknown = "They were not read: of what was not cut here, that is done when somebody asks."
    elif unread:
        unknown = f"{count(unread, 'pull request')} of {counted['named']:,} could not be read yet."
    if dossier and dossier.why:
        unknown = f"{unknown} {dossier.why}".strip()
    return Part(
        "pull_requests",
        "Pull requests",
        "GitHub, kept when the release was cut or its evidence was read again",
        {**counted, "pulls": [_told_pull(row) for row in rows]},
        as_of=dossier.read_at if dossier else None,
        unknown=unknown,
    )


def _counted(release: Release) -> "QuerySet[ReleasePull, dict[str, Any]]":
    """Each pull request with the counts of all of them."""
    rows: QuerySet[ReleasePull, dict[str, Any]] = ReleasePull.objects.filter(
        release=release
    ).values(
        *PULL,
        named=Window(Count("id")),
        read=Window(Count("id", filter=~Q(read_at=None) & Q(why=""))),
        approved=Window(Count("id", filter=~Q(approved_by=[]))),
    )
    return rows


def _told_pull(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in PULL} | {"url": followable(row["url"])}


def ci(release: Release) -> Part:
    known = first(rows_of(release, "check"))
    outcome = known.get("outcome", "")
    unknown = "" if known else "CI was not read for this commit."
    if outcome == "absent":
        unknown = "GitHub has no check and no status of this commit."
    runs = [{**run, "url": followable(run.get("url", ""))} for run in known.get("results", [])]
    data = {"commit": release.commit_sha, "outcome": outcome, "runs": runs}
    source = "GitHub's check runs and commit statuses"
    return Part("ci", "Continuous integration", source, data, known.get("read_at"), unknown)


def build(release: Release, extent: Extent) -> Part:
    """Production builds of its commit, newest first, each with its log."""
    builds = Deployment.objects.for_production().filter(
        project=release.project_id, sha=release.commit_sha
    )
    text = Right("log__text", extent.log_length) if extent.log_length else F("log__text")
    rows = builds.order_by("-created_at").values(
        "id", "vercel_id", "url", "inspector_url", "state", "substate", "error", "created_at",
        "ready_at", "read_at", "log__read_at", "log__is_cut", log_text=text,
        log_length=Length("log__text"),
    )[:20]  # fmt: skip
    found = [_told_build(dict(row)) for row in rows]
    as_of = max((row["read_at"] for row in found), default=None)
    unknown = "" if found else "Vercel has no production build of this commit that was seen."
    if found and not any(row["log"]["text"] for row in found):
        unknown = "The build's log was not read yet."
    return Part("build", "Vercel build", "Vercel", {"builds": found}, as_of, unknown)


def _told_build(row: dict[str, Any]) -> dict[str, Any]:
    text, length = row.pop("log_text") or "", row.pop("log_length") or 0
    log = {
        "text": text,
        "is_cut": bool(row.pop("log__is_cut")) or len(text) < length,
        "read_at": row.pop("log__read_at"),
    }
    return {**row, "inspector_url": followable(row["inspector_url"]), "log": log}


def reports(release: Release) -> Part:
    found = [
        {
            **{name: value for name, value in each.row.items() if name != "commit_sha"},
            "differences": [
                {"words": difference.words, "state": difference.state}
                for difference in each.differences
            ],
        }
        for each in artifacts.of(release)
    ]
    unknown = "" if found else "No report and no build output was sent for this commit."
    return Part(
        "artifacts", "Artifacts", "CI, through the API", {"artifacts": found}, unknown=unknown
    )


def security(release: Release) -> Part:
    """As it was when the dossier was read, else as it is now."""
    dossier = getattr(release, "dossier", None)
    kept = moments(dossier.security) if dossier else []
    rows = [_told_source(row) for row in kept or rows_of(release, "security")]
    unknown = "" if rows else "GitHub's security alerts were not read yet."
    silent = [row["source"].replace("-", " ") for row in rows if row["why"]]
    if silent:
        unknown = f"GitHub did not show {' and '.join(silent)}, which is not the same as no alert."
    source = "GitHub, as it was when the evidence was read" if kept else "GitHub, as it is now"
    as_of = min((row["read_at"] for row in rows), default=None)
    return Part("security", "Security alerts", source, {"sources": rows}, as_of, unknown)


def _told_source(row: dict[str, Any]) -> dict[str, Any]:
    alerts = [{**alert, "url": followable(alert["url"])} for alert in row["alerts"]]
    return {**row, "alerts": alerts}
