"""The API, assembled from the routers of every app, with its OpenAPI document and its page.

Only the URLconf imports this, so that pydantic stays out of the workers (9 MB each).
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET
from ninja import NinjaAPI

from agentmesh_release.core import pages
from agentmesh_release.core.access import permitted, public
from agentmesh_release.core.api.answers import answer_with_problems
from agentmesh_release.core.api.bodies import StrictParser
from agentmesh_release.core.api.document import document
from agentmesh_release.core.api.outline import outline
from agentmesh_release.core.rights import rights
from flags.api.switches import router as switches
from releases.api.artifacts import router as artifacts
from releases.api.promotable import router as promotable
from releases.api.releases import router as releases
from releases.api.reports import router as reports
from releases.workflows import WORKFLOWS

PREFIX = "/api/v1/"

api = NinjaAPI(
    title="AgentMesh Release",
    version="1",
    description="For CI jobs and other programs. Every request carries an API token: "
    "`Authorization: Bearer amr_…`. Errors are problems (RFC 9457).",
    docs_url=None,
    openapi_url=None,
    parser=StrictParser(),
)
answer_with_problems(api)
for _router in (reports, artifacts, promotable, releases, switches):
    api.add_router("", _router)


@cache
def described() -> dict[str, Any]:
    """The OpenAPI document."""
    return {**document(api, PREFIX), "servers": [{"url": settings.BASE_URL}]}


@require_GET
@public
def openapi(request: HttpRequest) -> JsonResponse:
    """The document, which is no secret."""
    return JsonResponse(described())


@require_GET
@permitted("read")
def api_page(request: HttpRequest) -> HttpResponse:
    """What the API can do, and workflows that use it."""
    context = {
        "base_url": settings.BASE_URL,
        "parts": outline(described()),
        "rights": list(rights),
        "workflows": WORKFLOWS,
    }
    return pages.render(request, "core/api.html", context)


def urls() -> list[URLPattern]:
    """Every address of the API. Who may ask is each operation's business (`Bearer`)."""
    return [path("openapi.json", openapi, name="openapi"), *_operations()]


def _operations() -> Iterator[URLPattern]:
    for each in api.urls[0]:
        if isinstance(each, URLPattern) and each.callback is not None and each.name != "api-root":
            yield path(str(each.pattern), _fresh(each.callback), name=each.name)


def _fresh(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The same view, of which no cache keeps an answer."""

    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_cache_control(response, no_store=True)
        return response

    answer.csrf_exempt = True  # type: ignore[attr-defined]  # cookies count for nothing here
    return public(answer)
