"""Holding a project while it is changed: its row first, then its production, as cutting does."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from agentmesh_release.core import live, operations

from ..models.environment import Environment
from ..models.project import Project


@contextmanager
def held(project: Project) -> Iterator[tuple[Project, Environment]]:
    """The project and its production as the database has them, locked until the block ends."""
    with transaction.atomic(), live.one_notice():
        locked = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        production = Environment.objects.get(project=locked, kind=Environment.Kind.PRODUCTION)
        with operations.environment_lock(production.key):
            yield locked, production
