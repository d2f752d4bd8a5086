"""The three switches as rows."""

from .catalogue import MAINTENANCE, ORDER
from .models import Switch

FIRST_HEADING = "We are fixing something"
FIRST_MESSAGE = (
    "The product is paused while we repair it. Your data is safe. We write here every 15 minutes."
)


def ensure() -> None:
    """See to it that there are the three; those that exist are left as they are."""
    for key in ORDER:
        message = {"heading": FIRST_HEADING, "message": FIRST_MESSAGE} if key == MAINTENANCE else {}
        Switch.objects.get_or_create(key=key, defaults=message)


def in_order() -> list[Switch]:
    """The three, in the order in which they always stand."""
    found = {switch.key: switch for switch in Switch.objects.all()}
    if len(found) < len(ORDER):
        ensure()
        found = {switch.key: switch for switch in Switch.objects.all()}
    return [found[key] for key in ORDER]
