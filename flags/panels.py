"""The switches' cell in the strip of the overview."""

from typing import Any

from django.http import HttpRequest

from agentmesh_release.core.registries import Panel, panels_of

from . import switches

POSITION = 20


def strip_cell(request: HttpRequest, subject: Any) -> Panel:
    """How the three switches stand, in one sentence."""
    three = switches.in_order()
    context = {
        "off": [switch for switch in three if switch.is_off],
        "resting": [switch.position.label for switch in three if not switch.is_off],
    }
    return Panel("flags/strip_cell.html", context, POSITION)


panels_of("overview").register("switches", strip_cell)
