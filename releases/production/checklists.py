"""Keeping checklists up to date: gather evidence, bring plans up to date, evaluate the gates."""

from collections.abc import Iterable

from django.utils import timezone

from agentmesh_release.core import live
from agentmesh_release.core.actors import Actor

from ..evidence import builds, checks, migrations
from ..models.project import Project
from ..models.promotion import Promotion
from ..models.release import Release

_WATCHER = Actor.system("checklists")


def gather(release: Release) -> None:
    """Read all evidence on that release just now. Raises ProviderError."""
    project = release.project
    builds.read(project, timezone.now())
    checks.read(project, release.commit_sha, timezone.now())
    migrations.read(project, release.commit_sha, timezone.now())


def asked_for(project: Project) -> "list[Promotion]":
    """The project's promotions that wait for their gates."""
    return list(
        Promotion.objects.requested()
        .filter(environment__project=project)
        .select_related("release__project", "environment__project")
        .prefetch_related("approvals")
    )


def refresh(promotions: Iterable[Promotion]) -> None:
    """Bring plan and checklist of each up to date; pages hear of it when a verdict changed."""
    for promotion in promotions:
        promotion.replan(by=_WATCHER)
        promotion.refresh_from_db()
        before = _states(promotion.checklist)
        promotion.checklist = promotion.evaluate(timezone.now()).as_json()
        Promotion.objects.requested().filter(pk=promotion.pk).update(checklist=promotion.checklist)
        if _states(promotion.checklist) != before:
            live.stale(*promotion.topics())


def _states(checklist: dict[str, object]) -> list[tuple[object, object]]:
    items = checklist.get("items", [])
    return [(item["state"], item["summary"]) for item in items] if isinstance(items, list) else []
