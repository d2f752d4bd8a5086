"""What was done, in a sentence for the person who pressed the button."""

from collections.abc import Callable

from ..wire import Json

SENTENCES: dict[str, Callable[[Json, Json], str]] = {
    "commits": lambda values, facts: (
        f"Landed {values.get('subject') or 'the commit'} as {facts['sha'][:7]}. Its checks and its"
        " build have begun."
    ),
    "pulls": lambda values, facts: (
        f"Opened #{facts['number']}, {values.get('subject') or values.get('title')}. Its preview is"
        " being built."
    ),
    "pulls/approve": lambda values, facts: f"{facts['by']} approved #{facts['number']}.",
    "pulls/request-changes": lambda values, facts: (
        f"{facts['by']} asks for changes of #{facts['number']}."
    ),
    "pulls/dismiss": lambda values, facts: (
        f"The reviews of #{facts['number']} are dismissed: {', '.join(facts['of'])}."
    ),
    "pulls/push": lambda values, facts: (
        f"#{facts['number']} is at {facts['head_sha'][:7]} now. Its checks have begun anew."
    ),
    "pulls/rebase": lambda values, facts: (
        f"#{facts['number']} is rebased, and at {facts['head_sha'][:7]} now."
    ),
    "pulls/retitle": lambda values, facts: f"#{facts['number']} is called {facts['title']} now.",
    "protection": lambda values, facts: {
        "full": "The default branch is guarded by all rules.",
        "weak": "The default branch asks for no review, and lets history be rewritten.",
        "hidden": "The token may not see how the default branch is guarded.",
    }[facts["kind"]],
    "pulls/merge": lambda values, facts: (
        f"Merged #{values['number']} as {facts['sha'][:7]}. A production build has begun."
    ),
    "migrations": lambda values, facts: f"Landed {facts['migration']} with {facts['sha'][:7]}.",
    "migrations/apply": lambda values, facts: (
        f"Applied {', '.join(facts['applied'])}." if facts["applied"] else "Nothing was pending."
    ),
    "conditions": lambda values, facts: {
        ("slow", True): "Production is slow now.",
        ("slow", False): "Production is as fast as before.",
        ("errors", True): "About 4 % of all requests fail now.",
        ("errors", False): "Requests succeed again.",
        ("down", True): "Production is down.",
        ("down", False): "Production is up again.",
    }[facts["kind"], facts["on"]],
    "normal": lambda values, facts: "Production is back to normal.",
    "bad-commits": lambda values, facts: (
        f"{facts['sha'][:7]} {'does harm' if facts['bad'] else 'does no harm'} where it is live."
    ),
    "builds": lambda values, facts: (
        f"The next build {'fails' if facts['break_next'] else 'succeeds'}."
    ),
    "checks": lambda values, facts: (
        f"The tests of {facts['sha'][:7]} end in {facts['conclusion']}."
        if "sha" in facts
        else f"The next checks {'fail' if facts['fail_next'] else 'pass'}."
    ),
    "bypass": lambda values, facts: f"The bypass is {'open' if facts['open'] else 'closed'}.",
    "plan": lambda values, facts: f"On the {'Hobby' if facts['hobby'] else 'Pro'} plan now.",
    "production": lambda values, facts: f"{facts['sha'][:7]} is live, outside the product.",
    "faults": lambda values, facts: (
        f"{facts['provider']} recovered."
        if facts["kind"] == "recover"
        else f"{facts['provider']} misbehaves now: {facts['kind']}."
    ),
    "faults/clear": lambda values, facts: "All providers recovered.",
    "alerts": lambda values, facts: f"Alert #{facts['number']} of {facts['source']} is open.",
    "alerts/close": lambda values, facts: f"Alert #{facts['number']} is closed.",
    "alerts/reading": lambda values, facts: (
        f"{facts['source']} is {'on' if facts['on'] else 'off'} for this repository."
    ),
    "speed": lambda values, facts: "The pace is set.",
}


def sentence(path: str, values: Json, facts: Json) -> str:
    """The sentence for an act that was done."""
    found = SENTENCES.get(path)
    return found(values, facts) if found else "Done."
