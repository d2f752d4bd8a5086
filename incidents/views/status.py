"""The public status page."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from agentmesh_release.core import pages
from agentmesh_release.core.access import public

from ..status import status


@public
@require_GET
def status_page(request: HttpRequest) -> HttpResponse:
    """Components, open incidents, maintenance mode; for everybody."""
    return pages.render(request, "incidents/status.html", {"status": status(timezone.now())})
