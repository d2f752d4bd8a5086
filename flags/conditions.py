"""What of the switches is abnormal: in the top line of every page, and counted in the rail."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from agentmesh_release.core.registries import Condition, conditions

from .models import Confirmation, Switch


def abnormal() -> list[Condition]:
    """Everything that is off, and every switch that a target does not confirm."""
    refuted = Confirmation.objects.filter(switch=OuterRef("pk"), agrees=False).filter(
        ~Q(error="") | Q(differs_since__isnull=False)
    )
    url = reverse("switches")
    return [
        _condition(switch, url, is_doubtful=switch.is_doubtful)
        for switch in Switch.objects.annotate(is_doubtful=Exists(refuted))
        if switch.is_off or switch.is_doubtful
    ]


def _condition(switch: Switch, url: str, *, is_doubtful: bool) -> Condition:
    position = switch.position
    word = position.label + (", not confirmed" if is_doubtful else "")
    if switch.is_off:
        return Condition(position.state, position.icon, word, url, "switches")
    return Condition("drift", "inconclusive", word, url, "switches")


conditions.register("switches", abnormal)
