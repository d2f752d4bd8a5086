"""Which outline and which word belong to a state, wherever it is shown.

The colours are in `static/css/components/state.css`, under the same names.
"""

# Those that let a promotion through first, then the blockers (GUIDE, *Components*, `.ticks`).
TICKS = ("passed", "waived", "failed", "inconclusive", "pending")

_OUTLINES = {
    "passed": "passed done ready safe confirmed operational ok",
    "failed": "failed blocked breached outage bad",
    "alert": "open unsafe warning outside",
    "inconclusive": "inconclusive stale drift errored unknown",
    "degraded": "degraded",
    "lock": "held",
    "pending": "pending requested waiting queued",
    "waived": "waived",
    "wrench": "maintenance",
    "running": "running watching",
    "live": "live on",
    "power": "off",
    "rotate-left": "rolled-back superseded",
    "close": "cancelled refused withdrawn",
    "next": "next idle draft replaced",
}
ICON_OF = {state: icon for icon, states in _OUTLINES.items() for state in states.split()}

WORD_OF = {
    "operational": "Works",
    "ok": "Works",
    "breached": "Over its limit",
    "held": "On hold",
    "outside": "Went live outside",
}


def plain(state: str) -> str:
    """The name under which styles and outlines know a state: `rolled_back` is `rolled-back`."""
    return str(state).replace("_", "-")


def outline(state: str) -> str:
    """The icon of a state; one that nobody knows is an empty ring."""
    return ICON_OF.get(plain(state), "next")


def word_of(state: str) -> str:
    """The word of a state."""
    name = plain(state)
    return WORD_OF.get(name, name.replace("-", " ").capitalize())
