"""What a new project needs here: its objectives, their poll, and its place on the status page."""

from agentmesh_release.core import polls
from agentmesh_release.core.events import on
from agentmesh_release.core.models import Event
from releases.models import Project

from . import readings, status


@on("project.imported")
def welcome(event: Event) -> None:
    project = Project.objects.get(slug=event.payload["scope"])
    readings.ensure(project)
    status.ensure(project)
    polls.ensure("prometheus", project.slug)
