"""What the gates would say today, of a promotion that nobody has asked for."""

from datetime import datetime, timedelta
from typing import Any

from agentmesh_release.core import gates, live
from agentmesh_release.core.access import one_of, who_may
from agentmesh_release.core.figures import count
from agentmesh_release.core.gates import Checklist, Verdict

from ..models.environment import Environment
from ..models.project import Project
from ..models.promotion import BEFORE, Promotion
from ..models.release import Release
from ..production import plans

# Unsaved rows have no others that belong to them; so their gates find none, as of one just made.
_NOBODYS = 0
_EVERY = timedelta(minutes=1)
_NEW = timedelta(minutes=3)


def release_of(project: Project) -> Release:
    """The release that would be cut at the newest commit; it is not stored."""
    return Release(pk=_NOBODYS, project=project, commit_sha=project.trunk_sha, tag="the next one")


def rehearse(project: Project, now: datetime) -> Checklist:
    """Each gate's verdict on promoting the newest commit, from what is known locally; an empty
    checklist while no commit is known, or no production."""
    productions = Environment.objects.select_related("project")
    production = productions.filter(project=project, kind=Environment.Kind.PRODUCTION).first()
    if production is None or not project.trunk_sha:
        return Checklist()
    release = release_of(project)
    promotion = Promotion(
        pk=_NOBODYS,
        release=release,
        environment=production,
        plan=plans.plan_of(release, production),
    )
    return gates.evaluate(BEFORE, promotion, now, answered=_answered(project))


def _answered(project: Project) -> dict[str, Verdict]:
    """What only a release that was cut could be asked about."""
    asked = count(project.approvals_required, "approval")
    who = who_may("promotion.approve", project.slug)
    return {
        "published": Verdict("pending", "Nothing is cut at it yet.", way="Cutting publishes it."),
        "approvals": Verdict(
            "pending",
            f"{asked} would be needed; the requester's own does not count.",
            way=f"{one_of(who)} may approve." if who else "Nobody may approve yet.",
        ),
    }


def keep(project: Project, now: datetime) -> Checklist:
    """Rehearse, and keep what the gates said for the page, which hears of it when that changed."""
    checklist = rehearse(project, now)
    before, project.rehearsed = project.rehearsed, checklist.as_json()
    Project.objects.filter(pk=project.pk).update(rehearsed=project.rehearsed)
    if _states(before) != _states(project.rehearsed):
        live.stale(f"project:{project.slug}")
    return checklist


def renew(project: Project, now: datetime) -> None:
    """Keep it up to date, once a minute; at each reading while the project is new, since then
    somebody waits for it."""
    known = Checklist.from_json(project.rehearsed)
    is_recent = known.checked_at is not None and now - known.checked_at < _EVERY
    if project.trunk_sha and (not is_recent or now - project.created_at < _NEW):
        keep(project, now)


def _states(stored: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["gate"], each["state"]) for each in stored.get("items", [])]
