"""What is kept of a release beside what polling reads anyway: reviews, checks, the build's log."""

import re
from datetime import datetime, timedelta

from django.db import transaction

from agentmesh_release.core import live
from agentmesh_release.core.text import storable
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.github import GitHub, Outcome
from agentmesh_release.providers.vercel import BuildEvent

from ..models.build_log import BuildLog
from ..models.check_summary import CheckSummary
from ..models.commit import Commit
from ..models.deployment import Deployment
from ..models.dossier import Dossier
from ..models.project import Project
from ..models.release import Release
from ..models.release_pull import ReleasePull
from . import checks

# Each costs two calls; the rest waits for the next reading.
MOST_PULLS = 15
# What has not ended by then is kept as it is: a check that never reports, a build nobody made.
PATIENCE = timedelta(days=1)
# Releases cut before this was kept are not fetched all at once.
MOST_NEW = 10
LONGEST_LOG = 64_000  # characters
LINES_READ = 1_000
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[@-Z\\-_]")


def open_for_cut(project: Project, now: datetime) -> None:
    """Every release that is cut here has a dossier."""
    new = Release.objects.filter(project=project, dossier=None).exclude(cut_by="")
    Dossier.objects.bulk_create(
        [
            Dossier(release=release, asked_at=now, asked_by=release.cut_by)
            for release in new.order_by("-released_at")[:MOST_NEW]
        ],
        ignore_conflicts=True,
    )


def read(project: Project, now: datetime) -> bool:
    """Go on with the dossier whose turn it is; answers whether to go on soon.

    A provider that cannot be asked keeps the others from nothing; why is kept with the dossier.
    """
    dossier = Dossier.objects.unfinished(project).select_related("release__project").first()
    if dossier is None:
        return False
    ended, failures = [], []
    for part in (_pulls, _checks, _log):
        try:
            ended.append(part(dossier.release, now))
        except ProviderError as error:
            ended.append(False)
            failures.append(str(error))
    is_late = now - dossier.asked_at > PATIENCE
    with transaction.atomic():
        Dossier.objects.filter(pk=dossier.pk, asked_at=dossier.asked_at).update(
            is_complete=all(ended) or (is_late and ended[0]),
            read_at=now,
            why=storable(" ".join(dict.fromkeys(failures))),
            security=_security(project),
        )
        live.stale(dossier.release.subject)
    return not failures and Dossier.objects.unfinished(project).exists()


def _security(project: Project) -> list[dict[str, object]]:
    """The project's security readings as rows that stay as they are."""
    kept = ("source", "why", "open_count", "may_be_cut", "severities", "alerts", "read_at")
    rows = project.security_readings.values(*kept)
    return [{**row, "read_at": row["read_at"].isoformat()} for row in rows]


def _checks(release: Release, now: datetime) -> bool:
    """Read what CI says of its commit, unless that has ended; answers whether it has."""
    going_on = (Outcome.PENDING, Outcome.ABSENT)
    known = CheckSummary.objects.filter(project=release.project, sha=release.commit_sha).first()
    if known is None or known.outcome in going_on:
        known = checks.read(release.project, release.commit_sha, now)
    return known.outcome not in going_on


def _log(release: Release, now: datetime) -> bool:
    """Keep the log of its newest production build; answers whether that build has ended."""
    builds = Deployment.objects.for_production().filter(sha=release.commit_sha)
    build = builds.filter(project=release.project).order_by("-created_at").first()
    if build is None:
        return False
    if build.is_building or BuildLog.objects.filter(deployment=build).exists():
        return not build.is_building
    events = release.project.vercel().build_events(build.vercel_id, limit=LINES_READ)
    text = "\n".join(map(_line, events))
    BuildLog.objects.update_or_create(
        deployment=build,
        defaults={
            "text": storable(text[-LONGEST_LOG:]),
            "is_cut": len(text) > LONGEST_LOG or len(events) == LINES_READ,
            "read_at": now,
        },
    )
    return True


def _line(event: BuildEvent) -> str:
    """One line of the log, without what would colour or move a terminal."""
    at = event.at.strftime("%H:%M:%S ") if event.at else ""
    return f"{at}{_ESCAPES.sub('', event.text).rstrip()}"


def _pulls(release: Release, now: datetime) -> bool:
    """Read some of its pull requests; answers whether all are."""
    _list(release)
    unread = ReleasePull.objects.filter(release=release).unread().order_by("number")
    some = list(unread[: MOST_PULLS + 1])
    client = release.project.github() if some else None
    for pull in some[:MOST_PULLS]:
        if client:
            _read_pull(client, release.project, pull, now)
    return len(some) <= MOST_PULLS


def _list(release: Release) -> None:
    """The numbers that its commits name."""
    named = Commit.objects.told_by(release).exclude(pull_request=None)
    numbers = named.order_by().values_list("pull_request", flat=True).distinct()
    ReleasePull.objects.bulk_create(
        [ReleasePull(release=release, number=number) for number in numbers if number],
        ignore_conflicts=True,
    )


def _read_pull(client: GitHub, project: Project, pull: ReleasePull, now: datetime) -> None:
    """One that GitHub does not have stays, and says so: its number stands in a commit."""
    pull.read_at, pull.why = now, ""
    try:
        seen = client.pulls.get(project.repository, pull.number)
        reviews = client.pulls.reviews(project.repository, pull.number)
    except ProviderError as error:
        if error.status != 404:
            raise
        pull.why = "GitHub has no pull request of that number."
        pull.save(update_fields=["read_at", "why"])
        return
    approved, current = reviews.approved_by(), set(reviews.approved_by(seen.head_sha))
    pull.title, pull.author = storable(seen.title), (seen.author_login or "")[:150]
    pull.url, pull.merged_at = seen.html_url[:500], seen.merged_at
    pull.approved_by = [login for login in approved if login in current]
    pull.approved_earlier = [login for login in approved if login not in current]
    pull.changes_requested_by = list(reviews.changes_requested_by())
    pull.save()
