"""Fetching an artifact."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from agentmesh_release.core.access import permitted

from ..downloads import download


@require_GET
@permitted("read")
def artifact(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The file, as it was sent."""
    return download(slug, pk)
