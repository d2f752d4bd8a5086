"""A summary of migrations, as a workflow that ran or checked them tells it:

    {"migrations": [{"name": "20260301_add_plan", "checksum": "9f86…", "phase": "expand",
                     "state": "applied"}]}

`phase` is expand, migrate, contract or empty; `state` is one of `STATES`.
"""

from collections import Counter

from .documents import Value, parse
from .reading import Reading, Unreadable

PHASES = ("expand", "migrate", "contract")
STATES = ("applied", "pending", "running", "failed", "rolled_back", "edited")
MOST_NAMED = 100


def read(body: bytes) -> Reading:
    """How many in which state and phase. Raises Unreadable."""
    report = parse(body)
    entries = [_entry(item) for item in report.part("migrations").items()]
    names = Counter(entry["name"] for entry in entries)
    twice = next((name for name, times in names.items() if times > 1), None)
    if twice is not None:
        raise Unreadable(f"The migration {twice} is in the report twice.")
    states = Counter(entry["state"] for entry in entries)
    undeclared = sum(1 for entry in entries if not entry["phase"])
    problems = []
    if undeclared:
        problems.append(f"Migrations without a declared phase: {undeclared:,} of {len(entries):,}.")
    open_entries = [entry for entry in entries if entry["state"] != "applied"]
    summary = {
        "tool": report.part("tool").text(80),
        "states": {state: states[state] for state in STATES if states[state]},
        "contract": sum(1 for entry in entries if entry["phase"] == "contract"),
        "open": open_entries[:MOST_NAMED],
    }
    figures = {
        "migrations": len(entries),
        "pending": states["pending"] + states["running"] + states["rolled_back"],
        "failed_migrations": states["failed"] + states["edited"],
    }
    return Reading(summary, figures, tuple(problems))


def _entry(item: Value) -> dict[str, str]:
    item.object()
    phase, state = item.part("phase").text(), item.part("state").needed_text()
    if phase and phase not in PHASES:
        raise item.part("phase").wrong(f"is {phase[:40]!r} and none of {', '.join(PHASES)}")
    if state not in STATES:
        raise item.part("state").wrong(f"is {state[:40]!r} and none of {', '.join(STATES)}")
    return {
        "name": item.part("name").needed_text(),
        "checksum": item.part("checksum").text(128),
        "phase": phase,
        "state": state,
    }
