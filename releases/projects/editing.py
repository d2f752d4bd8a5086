"""Changing a project: field by field, on record, and never over what somebody did not see."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import transaction

from agentmesh_release.core import audit, live, polls
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import AuditEvent, Operation
from agentmesh_release.core.refusals import Refused
from flags import targets

from ..models.environment import Environment
from ..models.project import Project
from .creating import APP_DATABASE, refuse_taken
from .form import Change, ProjectForm, values_of
from .holding import held

EDIT = "project.edit"
TAGS = {"repository", "tag_prefix"}


class ChangedMeanwhile(Refused):
    """Somebody else changed a field that this person changed too; `present` is what stands there
    now, by field."""

    def __init__(self, sentence: str, present: Mapping[str, Any]) -> None:
        super().__init__("changed_meanwhile", sentence)
        self.present = present


def edit(project: Project, changes: Mapping[str, Change], *, by: Actor) -> list[str]:
    """Store these changes; answers the labels of what really changed.

    Raises Refused: `changed_meanwhile`, `operation_running`, `repository_taken`, `switch_off`.
    """
    with held(project) as (locked, production):
        present = values_of(locked)
        _refuse_changed(locked, changes, present)
        real = {name: change.new for name, change in changes.items() if change.new != present[name]}
        if not real:
            return []
        refuse_running(locked)
        _store(locked, production, real)
        audit.record(
            EDIT,
            actor=by,
            subject=f"project:{locked.pk}",
            label=locked.name,
            scope=locked.slug,
            data={
                label_of(name): f"{present[name] or '–'} → {new or '–'}"
                for name, new in real.items()
            },
        )
        _follow(locked, present, real, by)
    return [label_of(name) for name in real]


def label_of(name: str) -> str:
    """What the form calls a field; those that several sections have say which."""
    whose = name.partition("_")[0].capitalize()
    label = ProjectForm.base_fields[name].label or name
    return f"{whose} {label.lower()}" if label in ("Token", "Address", "Project") else str(label)


def refuse_running(project: Project) -> None:
    """What runs was decided on the project as it is. Raises Refused (`operation_running`)."""
    running = Operation.objects.filter(scope=project.slug, state__in=Operation.ACTIVE).first()
    if running:
        raise Refused(
            "operation_running",
            f"{running.label} is under way; wait until it has ended, then do this.",
        )


def _refuse_changed(
    project: Project, changes: Mapping[str, Change], present: Mapping[str, Any]
) -> None:
    stale = {
        name: present[name]
        for name, change in changes.items()
        if str(present[name]) not in (change.seen, str(change.new))
    }
    if not stale:
        return
    last = AuditEvent.objects.filter(verb=EDIT, subject=f"project:{project.pk}").first()
    who = last.actor if last else "Somebody"
    said = ", ".join(f"{label_of(name)} is {value or 'empty'} now" for name, value in stale.items())
    raise ChangedMeanwhile(
        f"{who} changed this while you did: {said}. What you typed is still in the form; save "
        "again to put it in place of that.",
        stale,
    )


def _store(project: Project, production: Environment, real: Mapping[str, Any]) -> None:
    fields = {name: value for name, value in real.items() if name != "domain"}
    for name, value in fields.items():
        setattr(project, name, value)
    if TAGS & fields.keys():
        refuse_taken(project)
    if fields:
        project.save(update_fields=list(fields))
    if "domain" in real:
        Environment.objects.filter(pk=production.pk).update(domain=real["domain"])


def _follow(
    project: Project, before: Mapping[str, Any], real: Mapping[str, Any], by: Actor
) -> None:
    if "app_database_url_name" in real:
        leave_target(project, before["app_database_url_name"], by)
        if project.app_database_url_name:
            targets.ensure(project.slug, APP_DATABASE, project.app_database_url_name)
    for kind in ("github", "vercel", "app-database", "prometheus"):
        transaction.on_commit(partial(polls.hurry, kind, project.slug))
    live.stale(f"project:{project.slug}", "overview")


def leave_target(project: Project, url_name: str, by: Actor) -> None:
    """Write switches there no longer, unless another project does. Raises Refused."""
    others = Project.objects.active().exclude(pk=project.pk)
    if url_name and not others.filter(app_database_url_name=url_name).exists():
        targets.leave(url_name, by=by)
