"""What happens elsewhere and belongs on the timeline of each open incident."""

from django.db import transaction

from agentmesh_release.core import live
from agentmesh_release.core.events import on
from agentmesh_release.core.models import Event

from .models import Incident

ORIGINS = {
    "promotion": "{name} of {project} went live, promoted by {by}.",
    "rollback": "{project} is back at {name}, rolled back by {by}.",
    "outside": "{name} of {project} went live outside AgentMesh Release.",
}


@on("switch.flipped")
def note_flip(event: Event) -> None:
    said = event.payload
    text = f"{said['by']}: {said['label']}. “{said['reason']}”"
    _note(event, text, about="switch", by=said["by"])


@on("rollback.started")
def note_rollback(event: Event) -> None:
    said = event.payload
    text = f"{said['by']} rolls {said['project']} back to {said['to']}. “{said['reason']}”"
    _note(event, text, about="rollback", by=said["by"])


@on("production.changed")
def note_change(event: Event) -> None:
    said = event.payload
    if sentence := ORIGINS.get(said["origin"]):
        _note(event, sentence.format(**said), about=said["origin"], by=said["by"])


def _note(event: Event, text: str, *, about: str, by: str) -> None:
    with transaction.atomic(), live.one_notice():
        for incident in Incident.objects.open().filter(opened_at__lte=event.at):
            incident.entries.get_or_create(
                source=event.pk,
                defaults={
                    "kind": "happened",
                    "about": about,
                    "text": text,
                    "by": by,
                    "at": event.at,
                },
            )
            live.stale(*incident.topics())
