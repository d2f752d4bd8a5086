"""The three switches as rows."""

from django.db.models import Exists, OuterRef, Q

from agentmesh_release.core.memo import once_per_request

from .catalogue import MAINTENANCE, ORDER
from .models import Confirmation, Switch

FIRST_HEADING = "We are fixing something"
FIRST_MESSAGE = (
    "The product is paused while we repair it. Your data is safe. We write here every 15 minutes."
)


def ensure() -> None:
    """See to it that there are the three; those that exist are left as they are."""
    for key in ORDER:
        message = {"heading": FIRST_HEADING, "message": FIRST_MESSAGE} if key == MAINTENANCE else {}
        Switch.objects.get_or_create(key=key, defaults=message)


@once_per_request
def in_order() -> list[Switch]:
    """The three, in the order in which they always stand, each with whether a target doubts it."""
    found = _found()
    if len(found) < len(ORDER):
        ensure()
        found = _found()
    return [found[key] for key in ORDER]


def _found() -> dict[str, Switch]:
    refuted = Confirmation.objects.filter(switch=OuterRef("pk"), agrees=False).filter(
        ~Q(error="") | Q(differs_since__isnull=False)
    )
    found: dict[str, Switch] = {}
    for switch in Switch.objects.annotate(is_refuted=Exists(refuted)):
        switch.is_doubted = switch.is_refuted
        found[switch.key] = switch
    return found
