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
