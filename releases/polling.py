"""What is read regularly for each project, and what follows from it."""

from django.utils import timezone

from agentmesh_release.core import events, polls
from agentmesh_release.core.models import Operation
from agentmesh_release.core.polls import poll, read_once

from . import refreshing
from .drafting import automatic, validation
from .evidence import (
    builds,
    checks,
    flags,
    hooks,
    migrations,
    protection,
    pull_readings,
    pulls,
    trunk,
)
from .models.project import Project
from .models.promotion import Promotion
from .production import checklists
from .projects import rehearsal
from .pulls import judging

QUICK_S = 3.0
SLOW_S = 15.0
# Each reading of a repository asks some five things, and GitHub takes 900 calls a minute at most:
# https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
MOST_A_MINUTE = 80
# Evidence counts as fresh for five minutes, so that it is read again before that, whatever happens.
SLOWEST_S = 120.0
TOLD_S = 240.0  # where webhooks reach us, polling finds only what they missed
HOOK_S = 600.0


def ensure(project: Project) -> None:
    """See to it that this project is polled, here and by whoever hears of it; an archived one is
    not."""
    if project.is_archived:
        return
    events.publish("project.imported", {"scope": project.slug})
    for kind in ("github", "vercel", "app-database", "security-alerts", "evidence"):
        polls.ensure(kind, project.slug)


@poll("github", "GitHub", every_s=SLOW_S, most_a_minute=MOST_A_MINUTE)
def read_github(scope: str) -> float:
    """New commits, pull requests, and the checks of what is on its way.

    Quickly while something is in flight, slowly when all is quiet, and slower still where webhooks
    tell of everything, or while the token's hour runs out.
    """
    project = Project.objects.get(slug=scope)
    trunk.read(project, timezone.now())
    polls.ensure("github-hook", project.repository)
    shas = sorted(refreshing.shas(project))
    outcomes = [checks.read(project, sha, timezone.now()).outcome for sha in shas]
    promotions = checklists.asked_for(project)
    _judge(project, promotions)
    is_moving = _read_pulls(project) or "pending" in outcomes
    if is_moving or _is_operated(project):
        return QUICK_S * project.github().stretch()
    quiet_s = SLOW_S
    if not promotions and hooks.reach_us(project.repository, timezone.now()):
        quiet_s = TOLD_S
    return min(quiet_s * project.github().stretch(), max(quiet_s, SLOWEST_S))


@read_once("github-pull", "One pull request")
def read_pull_request(scope: str) -> None:
    """`slug#number`."""
    slug, _, number = scope.partition("#")
    pulls.refresh(Project.objects.get(slug=slug), int(number), timezone.now())


@read_once("github-checks", "Checks of one commit")
def read_checks(scope: str) -> None:
    """`slug@sha`."""
    slug, _, sha = scope.partition("@")
    project = Project.objects.get(slug=slug)
    checks.read(project, sha, timezone.now())
    judging.judge(project, project.pull_requests.filter(head_sha=sha).open(), timezone.now())
    _judge(project, checklists.asked_for(project))


@poll("github-hook", "GitHub's webhook", every_s=HOOK_S, most_a_minute=MOST_A_MINUTE)
def read_hook(scope: str) -> None:
    """What GitHub sent and we never got; `scope` is the repository, `owner/name`."""
    if hooks.read(scope, timezone.now()) is None:
        polls.end("github-hook", scope)


@poll("vercel", "Vercel", every_s=SLOW_S)
def read_vercel(scope: str) -> float:
    """Builds, the bypass, and what is live."""
    project = Project.objects.get(slug=scope)
    builds.read(project, timezone.now())
    promotions = checklists.asked_for(project)
    _judge(project, promotions)
    return QUICK_S if promotions or _is_moving(project) else SLOW_S


@poll("app-database", "App database", every_s=SLOW_S)
def read_app_database(scope: str) -> None:
    """The migrations of what is on its way and of what could be cut, and the flags of that."""
    project = Project.objects.get(slug=scope)
    promotions = checklists.asked_for(project)
    shas = {project.trunk_sha, *(each.release.commit_sha for each in promotions)} - {""}
    for sha in sorted(shas):
        migrations.read(project, sha, timezone.now())
    flags.read(project, timezone.now())
    _judge(project, promotions)


def _read_pulls(project: Project) -> bool:
    """Whether something about them is in flight. A protection that cannot be read now keeps no
    pull request waiting."""
    try:
        protection.read_due(project, timezone.now())
    finally:
        is_moving = pull_readings.read_due(project, timezone.now())
    return is_moving


def _judge(project: Project, promotions: list[Promotion]) -> None:
    """Evaluate what waits on what was just read: promotions, and whether the draft may be cut; by
    policy it is."""
    checklists.refresh(promotions)
    project.refresh_from_db(fields=["trunk_sha"])
    validation.keep(project, timezone.now())
    rehearsal.renew(project, timezone.now())
    automatic.consider(project, timezone.now())


def _is_moving(project: Project) -> bool:
    building = project.deployments.filter(state__in=["QUEUED", "INITIALIZING", "BUILDING"])
    return building.exists() or _is_operated(project)


def _is_operated(project: Project) -> bool:
    return Operation.objects.filter(scope=project.slug, state__in=Operation.ACTIVE).exists()
