"""The switches' cell in the strip of the overview."""

from typing import Any

from django.http import HttpRequest

from agentmesh_release.core.registries import Panel, panels_of

from .catalogue import ORDER
from .models import Switch

POSITION = 20


def strip_cell(request: HttpRequest, subject: Any) -> Panel:
    """How the three switches stand, in one sentence."""
    switches = sorted(Switch.objects.all(), key=lambda switch: ORDER.index(switch.key))
    off = [switch for switch in switches if switch.is_off]
    resting = [switch.position.label for switch in switches if not switch.is_off]
    context = {"off": off, "resting": resting}
    return Panel("flags/strip_cell.html", context, POSITION)


panels_of("overview").register("switches", strip_cell)
