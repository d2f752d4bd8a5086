"""Which outline and which word belong to a state, wherever it is shown.

The colours are in `static/css/components/state.css`, under the same names.
"""

# Those that let a promotion through first, then the blockers (GUIDE, *Components*, `.ticks`).
TICKS = ("passed", "waived", "failed", "inconclusive", "pending")

ICON_OF = {
    "passed": "passed", "done": "passed", "ready": "passed", "safe": "passed", "confirmed": "passed",
    "operational": "passed", "ok": "passed",
    "failed": "failed", "blocked": "failed", "breached": "failed", "outage": "failed", "bad": "failed",
    "open": "alert", "unsafe": "alert", "warning": "alert", "outside": "alert",
    "inconclusive": "inconclusive", "stale": "inconclusive", "drift": "inconclusive",
    "errored": "inconclusive", "unknown": "inconclusive",
    "degraded": "degraded",
    "held": "lock",
    "pending": "pending", "requested": "pending", "waiting": "pending", "queued": "pending",
    "waived": "waived",
    "maintenance": "wrench",
    "running": "running", "watching": "running",
    "live": "live", "on": "live",
    "off": "power",
    "rolled-back": "rotate-left",
    "superseded": "rotate-left",
    "cancelled": "close", "refused": "close",
    "next": "next", "idle": "next", "draft": "next", "replaced": "next",
}  # fmt: skip

WORD_OF = {
    "operational": "Works",
    "breached": "Over its limit",
    "ready": "Ready to promote",
    "held": "On hold",
    "outside": "Went live outside",
    "stale": "Stale",
    "ok": "Works",
}
