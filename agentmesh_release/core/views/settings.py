"""The settings page: the world, its people, and the health of every part."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from .. import pages
from ..access import may, permitted
from ..health import stored_parts
from ..models.membership import Membership
from ..models.poll import Poll
from ..polls import label


@require_GET
@permitted("settings.read")
def settings_page(request: HttpRequest) -> HttpResponse:
    """Who has which role, what is polled, which part is well."""
    context = {
        "members": Membership.objects.select_related("user").order_by(
            "user__first_name", "user__username", "scope"
        ),
        "polls": [(label(poll.kind), poll) for poll in Poll.objects.all()[:500]],
        "parts": stored_parts(),
        "may_give": may(request.user, "role.give"),
    }
    return pages.render(request, "core/settings.html", context)
