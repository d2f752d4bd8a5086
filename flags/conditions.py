"""What of the switches is abnormal: in the top line of every page, and counted in the rail."""

from django.urls import reverse

from agentmesh_release.core.registries import Condition, conditions

from . import switches
from .models import Switch


def abnormal() -> list[Condition]:
    """Everything that is off, and every switch that a target does not confirm."""
    url = reverse("switches")
    return [
        _condition(switch, url, is_doubtful=switch.is_doubted)
        for switch in switches.in_order()
        if switch.is_off or switch.is_doubted
    ]


def _condition(switch: Switch, url: str, *, is_doubtful: bool) -> Condition:
    position = switch.position
    word = position.label + (", not confirmed" if is_doubtful else "")
    if switch.is_off:
        return Condition(position.state, position.icon, word, url, "switches")
    return Condition("drift", "inconclusive", word, url, "switches")


conditions.register("switches", abnormal)
