"""What the policy of the trunk asks for, compared with how GitHub guards the branch.

The stricter of classic protection and rulesets holds, so what one of them asks for is asked for.
That neither does is known only when both were read: what cannot be read is unknown, never fine.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from agentmesh_release.core.gates import Checklist, Item, Verdict
from agentmesh_release.providers.github import Demands, Protection, Unknown

from .names import is_ours

_LONGEST_PATTERN = 1_000
_GOOD, _BAD = ("feat: add x", "fix(api): mend y"), "Improved things"
READ_IT = "Give the token the right to read it: administration:read, for this repository."


@dataclass(frozen=True)
class _Point:
    """One thing that the policy asks for: whether a source asks for it, and what is said."""

    name: str
    label: str
    holds: Callable[[Demands], bool]
    met: str
    gap: str
    mend: str


_POINTS = (
    _Point(
        "reviews",
        "A review before merging",
        lambda source: source.approvals_required > 0,
        "At least one approving review is asked for.",
        "No review is asked for: its author alone can merge a change.",
        "Require a pull request with at least one approval.",
    ),
    _Point(
        "strict",
        "Up to date before merging",
        lambda source: source.up_to_date_required,
        "A branch has to have everything of the trunk.",
        "A branch that is behind can be merged, so what lands was never tested together.",
        "Require branches to be up to date before merging.",
    ),
    _Point(
        "stale",
        "Stale approvals dismissed",
        lambda source: source.dismisses_stale,
        "A push dismisses the approvals before it.",
        "An approval stays after a push, also of code that nobody has seen.",
        "Dismiss stale approvals when new commits are pushed.",
    ),
    _Point(
        "force-pushes",
        "No force pushes",
        lambda source: not source.allows_force_pushes,
        "Its history cannot be rewritten.",
        "Its history can be rewritten, also what was released.",
        "Block force pushes.",
    ),
    _Point(
        "deletion",
        "No deletion",
        lambda source: not source.allows_deletion,
        "It cannot be deleted.",
        "It can be deleted.",
        "Restrict deletions.",
    ),
)


@dataclass(frozen=True)
class Comparison:
    """Each point with its verdict: passed, failed (a gap), or inconclusive (cannot be read)."""

    checklist: Checklist

    @property
    def gaps(self) -> int:
        return sum(item.state == "failed" for item in self.checklist)

    @property
    def unknown(self) -> int:
        return sum(item.state == "inconclusive" for item in self.checklist)


def compare(found: Protection, branch: str) -> Comparison:
    """How the branch is guarded beside how it should be."""
    items = [Item("checks", "Checks required", _checks(found))]
    items += [Item(point.name, point.label, _point(found, point)) for point in _POINTS]
    items += [
        Item("admins", "Admins included", _admins(found)),
        Item("messages", "Conventional messages", _messages(found, branch)),
    ]
    return Comparison(Checklist(tuple(items)))


def _known(found: Protection) -> Iterator[Demands]:
    for source in (found.classic, found.rules):
        if isinstance(source, Demands):
            yield source


def _unreadable(found: Protection) -> Verdict:
    sources = {"The branch protection": found.classic, "Its rulesets": found.rules}
    said = [
        f"{name} cannot be read: {source.why}"
        for name, source in sources.items()
        if isinstance(source, Unknown)
    ]
    return Verdict("inconclusive", " ".join(said), READ_IT)


def _point(found: Protection, point: _Point) -> Verdict:
    if any(point.holds(source) for source in _known(found)):
        return Verdict("passed", point.met)
    return Verdict("failed", point.gap, point.mend) if found.is_known else _unreadable(found)


def _checks(found: Protection) -> Verdict:
    required = found.required_checks
    names = sorted(check.name for source in _known(found) for check in source.required_checks)
    if required is not None:
        names = sorted(check.name for check in required)
    if any(not is_ours(name) for name in names):
        return Verdict("passed", f"Required: {', '.join(dict.fromkeys(names))}.")
    if required is None:
        return _unreadable(found)
    said = "No check of CI is required, so a change whose tests fail can be merged."
    return Verdict("failed", said, "Require the checks of your CI.")


def _admins(found: Protection) -> Verdict:
    """GitHub shows who may go past a ruleset to nobody but its admins."""
    classic, rules = found.classic, found.rules
    if isinstance(classic, Demands) and classic.binds_admins:
        return Verdict("passed", "The branch protection holds for admins too.")
    if not found.is_known:
        return _unreadable(found)
    has_demands = isinstance(classic, Demands) and bool(
        classic.approvals_required or classic.required_checks
    )
    if isinstance(rules, Demands) and rules.kinds and not has_demands:
        said = "Whom the rulesets let past is shown to admins only."
        return Verdict("inconclusive", said, "Look at “Bypass list” of each ruleset at GitHub.")
    said = "Admins can merge and push past the protection."
    return Verdict("failed", said, "Include administrators: do not allow bypassing the settings.")


def _messages(found: Protection, branch: str) -> Verdict:
    patterns = [each for source in _known(found) for each in source.message_patterns]
    if any(map(_is_conventional, patterns)):
        return Verdict("passed", f"A rule refuses other messages on {branch}.")
    required = [check.name for source in _known(found) for check in source.required_checks]
    if any(map(is_ours, required)):
        return Verdict("passed", "What this house says of title and commits is a required check.")
    if not found.is_known:
        return _unreadable(found)
    way = (
        "Have verdicts reported to GitHub and require that check, or add a rule on commit messages."
    )
    return Verdict("failed", "Any message can land, and a changelog cannot tell it.", way)


def _is_conventional(pattern: str) -> bool:
    """Whether the rule takes conventional messages and refuses another."""
    try:
        taken = re.compile(pattern[:_LONGEST_PATTERN])
    except re.error:
        return False
    return all(taken.search(good) for good in _GOOD) and not taken.search(_BAD)
