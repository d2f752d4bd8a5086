"""Release history: every release of every project, newest first."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from agentmesh_release.core import pages
from agentmesh_release.core.access import permitted
from agentmesh_release.core.paging import page_of

from ..models.activation import Activation
from ..models.project import Project
from ..models.promotion import Promotion
from ..models.release import Release
from ..way_back import was_rolled_back

PER_PAGE = 30


@require_GET
@permitted("read")
def history(request: HttpRequest) -> HttpResponse:
    """`?project=`, `?q=` (version), `?only=live` (was live in production) filter."""
    chosen = {name: request.GET.get(name, "").strip()[:80] for name in ("project", "q", "only")}
    page = page_of(_filtered(chosen), request, per_page=PER_PAGE)
    context = {
        "page": page,
        "rows": _with_production(page.rows),
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "projects": Project.objects.only("slug", "name")[:200],
    }
    return pages.render(request, "releases/history.html", context)


def _filtered(chosen: dict[str, str]) -> QuerySet[Release]:
    releases = (
        Release.objects.annotate(was_rolled_back=was_rolled_back())
        .select_related("project", "previous")
        .defer("changelog", "previous__changelog")
    )
    if chosen["project"]:
        releases = releases.filter(project__slug=chosen["project"])
    if chosen["q"]:
        releases = releases.filter(
            Q(version__istartswith=chosen["q"].removeprefix("v"))
            | Q(commit_sha__startswith=chosen["q"].lower())
        )
    if chosen["only"] == "live":
        releases = releases.filter(activations__isnull=False).distinct()
    return releases


def _with_production(releases: list[Release]) -> list[dict[str, object]]:
    """Each release with its last activation and its last promotion."""
    ids = [release.pk for release in releases]
    activations = {
        each.release_id: each
        for each in Activation.objects.filter(release__in=ids).order_by("since")
    }
    promotions = {
        each.release_id: each
        for each in Promotion.objects.filter(release__in=ids)
        .prefetch_related("approvals")
        .defer("decided", "plan")
        .order_by("pk")
    }
    return [
        {
            "release": release,
            "activation": activations.get(release.pk),
            "promotion": promotions.get(release.pk),
            "lasted": _lasted(activations.get(release.pk)),
        }
        for release in releases
    ]


def _lasted(activation: Activation | None) -> timedelta | None:
    return (activation.until or timezone.now()) - activation.since if activation else None
