"""Publishing a release at GitHub again, stopping that, and withdrawing a release."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from agentmesh_release.core import dialogs
from agentmesh_release.core.access import acting, permitted
from agentmesh_release.core.dialogs import reason_of

from ..models.promotion import Promotion
from ..publication import publishing
from .release import release_or_404


@require_POST
@permitted("release.cut")
def publication(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """Try again what GitHub did not take: to publish it, or to show that it was withdrawn."""
    found = release_or_404(slug, version)
    if found.is_withdrawn:
        publishing.mark_again(found, by=acting(request))
    else:
        publishing.publish(found, by=acting(request))
    return redirect(reverse("release", args=[slug, version]))


@require_http_methods(["GET", "POST"])
@permitted("release.cut")
def stop(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """Stop publishing it between two steps."""
    found = release_or_404(slug, version)

    def act() -> str:
        publishing.stop(found, by=acting(request), reason=reason_of(request))
        return reverse("release", args=[slug, version])

    context = {"release": found, "project": found.project}
    return dialogs.ask(request, "releases/publication_stop.html", context, act)


@require_http_methods(["GET", "POST"])
@permitted("release.withdraw")
def withdrawal(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """State what withdrawing means, ask why, and do it."""
    found = release_or_404(slug, version)

    def act() -> str:
        publishing.withdraw(
            found, by=acting(request), reason=reason_of(request), now=timezone.now()
        )
        return reverse("release", args=[slug, version])

    context = {
        "release": found,
        "project": found.project,
        "asked": Promotion.objects.requested().filter(release=found).first(),
    }
    return dialogs.ask(request, "releases/release_withdrawal.html", context, act)
