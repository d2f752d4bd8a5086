"""The switches page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from agentmesh_release.core import pages
from agentmesh_release.core.access import READ, permitted
from agentmesh_release.core.registries import show_panels

from ..board import switchboard
from ..catalogue import MAINTENANCE
from ..forms import MessageForm
from ..models import Flip
from ..permissions import MESSAGE, Others

_LAST = 10


@require_GET
@permitted(READ)
def switches(request: HttpRequest) -> HttpResponse:
    """The three switches with their proof, the maintenance message, the last changes."""
    return pages.render(request, "flags/switches.html", page_context(request))


def page_context(request: HttpRequest, form: MessageForm | None = None) -> dict[str, Any]:
    """What the page shows; `form` is a message that could not be saved."""
    others = Others(request.user)
    board = switchboard(others, timezone.now())
    maintenance = next(column.switch for column in board if column.switch.key == MAINTENANCE)
    form = form or MessageForm(initial=_initial(maintenance))
    who_may_write = others.instead(MESSAGE)
    return {
        "board": board,
        "proof_ids": ",".join(f"#proof-{column.switch.key}" for column in board),
        "maintenance": maintenance,
        "form": form.read_only() if who_may_write else form,
        "who_may_write": who_may_write,
        "flips": Flip.objects.select_related("switch")[:_LAST],
        "panels": show_panels("switches", request),
    }


def _initial(maintenance: Any) -> dict[str, Any]:
    return {
        "heading": maintenance.heading,
        "message": maintenance.message,
        "link": maintenance.link,
        "seen": maintenance.message_number,
    }
