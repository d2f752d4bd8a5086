"""A new project: stored, polled from now on, its history read by the first reading."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from agentmesh_release.core import audit, live, polls
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.refusals import Refused
from flags import targets

from .. import polling
from ..importing.naming import free_slug, one_at_a_time, wanted_slug
from ..models.environment import Environment
from ..models.project import Project

APP_DATABASE = "App database"


def create(values: Mapping[str, Any], *, by: Actor, now: datetime) -> Project:
    """Store the project that the form describes and have its history read.

    Raises Refused: `bad_slug`, `slug_taken`, `repository_taken`.
    """
    fields = dict(values)
    domain, slug = fields.pop("domain", ""), fields.pop("slug", "")
    with transaction.atomic(), live.one_notice():
        one_at_a_time()
        project = Project(**fields)
        project.slug = wanted_slug(slug) if slug else free_slug(project.name)
        refuse_taken(project)
        project.save(force_insert=True)
        for kind in Environment.Kind:
            project.environments.create(
                kind=kind, domain=domain if kind == Environment.Kind.PRODUCTION else ""
            )
        audit.record(
            "project.create",
            actor=by,
            subject=f"project:{project.pk}",
            label=project.name,
            scope=project.slug,
            data={**fields, "domain": domain},
        )
        see_to(project)
    return project


def refuse_taken(project: Project) -> None:
    """Two projects with the same tags would release each other's versions, also where they are made
    of other folders.

    Raises Refused (`repository_taken`).
    """
    other = (
        Project.objects.active()
        .exclude(pk=project.pk)
        .filter(repository__iexact=project.repository, tag_prefix=project.tag_prefix)
        .first()
    )
    if other:
        raise Refused(
            "repository_taken",
            f"{other} releases {project.repository} with the same tags already. Give this one a "
            "tag prefix of its own, and a folder where both come from one.",
            status=422,
        )


def see_to(project: Project) -> None:
    """Have it polled, its switches written, and everything read now; in its transaction."""
    polling.ensure(project)
    if project.app_database_url_name:
        targets.ensure(project.slug, APP_DATABASE, project.app_database_url_name)
    for kind in ("github", "vercel", "app-database"):
        transaction.on_commit(partial(polls.hurry, kind, project.slug))
    live.stale(f"project:{project.slug}", "overview")
