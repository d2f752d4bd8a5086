"""The seed's four trunk rules, each judged by what is known of a pull request.

They are gates of a phase of their own, so that what could not be read, or is too old, is
inconclusive here as it is before a promotion.
"""

from agentmesh_release.core.figures import count
from agentmesh_release.core.gates import Verdict, gate
from agentmesh_release.core.sentences import listed
from agentmesh_release.providers.github import CheckResult, Checks, Outcome

from .facts import Commits, Facts, Unread, Wrong, wrong_with
from .names import APPROVAL, CI, CONVENTIONAL, RULES, UP_TO_DATE, is_ours

TRUNK = "trunk"
FRESH_S = 3_600.0
_UNPROVEN = (Outcome.SKIPPED, Outcome.NEUTRAL)
EXAMPLE = "“fix(runs): retry queued runs”"


@gate(CI, RULES[CI], phase=TRUNK, fresh_s=FRESH_S)
def green_ci(facts: Facts) -> Verdict:
    """Every check run and status of the head passed, and every required one is among them."""
    if facts.checks is None:
        return Verdict("inconclusive", "GitHub has not been asked about its checks yet.")
    verdict = _judged(facts.checks, facts)
    return Verdict(
        *(verdict.state, verdict.summary, verdict.way),
        evidence_label="Checks",
        evidence_url=f"{facts.repository_url}/commit/{facts.head_sha}/checks",
        as_of=facts.checks.read_at,
    )


def _judged(checks: Checks, facts: Facts) -> Verdict:
    required = {each for each in facts.required or () if not is_ours(each.name)}
    wanted = checks.required(required)
    missing = wanted.having(Outcome.ABSENT)
    if failed := checks.having(Outcome.FAILED):
        return Verdict("failed", f"{_names(failed)} failed.", "Mend it and push; its log says why.")
    if strange := checks.having(Outcome.UNKNOWN):
        said = f"{_names(strange)} ended in a word that is not known here, “{strange[0].said}”."
        return Verdict("inconclusive", said, "Let it run again.")
    if running := checks.having(Outcome.PENDING):
        waits = f"{_names(running)} {'has' if len(running) == 1 else 'have'} not ended yet."
        return Verdict("pending", "Its checks are still running.", waits)
    if missing:
        return _missing(missing, bool(checks.results))
    if unproven := [each for each in wanted.results if each.outcome in _UNPROVEN]:
        are, were = ("is", "was") if len(unproven) == 1 else ("are", "were")
        how = " or ".join(dict.fromkeys(each.said for each in unproven))
        said = f"{_names(unproven)} {are} required and {were} {how}, which proves nothing."
        return Verdict("inconclusive", said, "Let it run for this pull request.")
    return _passed(checks, facts)


def _missing(missing: "tuple[CheckResult, ...]", has_results: bool) -> Verdict:
    is_one = len(missing) == 1
    said = f"{_names(missing)} {'is' if is_one else 'are'} required and never reported."
    way = (
        "See that a workflow runs it for this pull request: one that a path or branch filter "
        "leaves out never reports."
    )
    return Verdict("failed" if has_results else "pending", said, way)


def _passed(checks: Checks, facts: Facts) -> Verdict:
    passed = len(checks.having(Outcome.PASSED))
    if not passed:
        said = "No check ran on it, so nothing says that it works."
        return Verdict("inconclusive", said, "Let a workflow run on pull requests.")
    total = count(len(checks.results), "check")
    said = f"{passed} of {total} passed, the rest was skipped."
    if passed == len(checks.results):
        said = "The check passed." if passed == 1 else f"All {total} passed."
    if facts.required is None:
        way = "Let the token read the protection of the branch; the trunk's page says how."
        return Verdict("inconclusive", f"{said} Which are required cannot be read.", way)
    return Verdict("passed", said)


@gate(APPROVAL, RULES[APPROVAL], phase=TRUNK, fresh_s=FRESH_S)
def approval(facts: Facts) -> Verdict:
    """Enough people other than the author approve the head as it is now; nobody wants changes.

    An approval counts for the commit that it was given for: one of an earlier commit is stale,
    also where GitHub lets it stand. What was dismissed, and who may not write, does not count.
    """
    if isinstance(facts.reviews, Unread):
        return _unread("Who reviewed it", facts.reviews)
    standing = {who: last for who, last in facts.reviews.standing().items() if last.counts}
    refused = [who for who, last in standing.items() if last.state == "CHANGES_REQUESTED"]
    given = {who: last for who, last in standing.items() if last.state == "APPROVED"}
    given.pop(facts.author, None)
    fresh = [who for who, last in given.items() if last.commit_sha == facts.head_sha]
    dismissed = [who for who, last in standing.items() if last.state == "DISMISSED"]
    if refused:
        way = f"Answer the review; then {listed(refused, 'or')} has to approve."
        judged = Verdict("failed", f"{listed(refused)} asked for changes.", way)
    elif len(fresh) >= facts.approvals_required:
        judged = Verdict("passed", f"Approved by {listed(fresh)}.")
    else:
        stale = [who for who in given if who not in fresh]
        judged = _not_approved(facts, fresh, stale, dismissed)
    return _evident(judged, facts, "Reviews", facts.url)


def _not_approved(
    facts: Facts, fresh: list[str], stale: list[str], dismissed: list[str]
) -> Verdict:
    if stale:
        said = f"{listed(stale)} approved an earlier commit; that one is stale."
        return Verdict("pending", said, f"Ask {listed(stale, 'or')} to approve the newest.")
    if fresh:
        said = f"{len(fresh)} of {facts.approvals_required} approvals, by {listed(fresh)}."
        return Verdict("pending", said, "Ask one more person for a review.")
    if dismissed:
        said = f"The review of {listed(dismissed)} was dismissed, so nobody approves."
        return Verdict("pending", said, "Ask for a review.")
    way = f"Ask somebody other than {facts.author or 'its author'} for a review."
    return Verdict("pending", "Nobody has approved it yet.", way)


@gate(UP_TO_DATE, RULES[UP_TO_DATE], phase=TRUNK, fresh_s=FRESH_S)
def up_to_date(facts: Facts) -> Verdict:
    """Its branch has every commit of the default branch, and goes into it without a conflict."""
    if isinstance(facts.behind_by, Unread):
        return _unread("Where it stands to the trunk", facts.behind_by)
    if facts.conflicts:
        way = f"Rebase onto {facts.base}, and solve the conflicts."
        judged = Verdict("failed", f"It conflicts with {facts.base}.", way)
    elif facts.behind_by:
        said = f"{count(facts.behind_by, 'commit')} behind {facts.base}."
        judged = Verdict("failed", said, f"Rebase onto {facts.base}.")
    else:
        judged = Verdict("passed", f"It has everything that {facts.base} has.")
    url = f"{facts.repository_url}/compare/{facts.base}...{facts.branch}"
    return _evident(judged, facts, "Comparison", url)


@gate(CONVENTIONAL, RULES[CONVENTIONAL], phase=TRUNK, fresh_s=FRESH_S)
def conventional(facts: Facts) -> Verdict:
    """Title and commits are acceptable by Conventional Commits and the project's types: the title
    is what a squash leaves, the commits are what a merge leaves."""
    title = wrong_with(facts.title, facts.types)
    commits = facts.commits
    if isinstance(commits, Unread):
        if title is None:
            return _unread("What its commits say", commits)
        commits = Commits(())
    wrong = [fault for each in commits.all if (fault := each.fault(facts.types))]
    if title or wrong:
        judged = Verdict("failed", _how_many(title, wrong, commits), _mend(title, wrong))
    elif commits.may_be_cut:
        said = f"GitHub lists only {len(commits.all)} of its commits; those are conventional."
        judged = Verdict("inconclusive", said, "Squash it to fewer commits.")
    else:
        judged = Verdict("passed", f"The title and {_all(commits)} are conventional.")
    return _evident(judged, facts, "Commits", f"{facts.url}/commits")


def _how_many(title: Wrong | None, wrong: list[Wrong], commits: Commits) -> str:
    some = f"{len(wrong)} of {count(len(commits.all), 'commit')}"
    subject = [*(["the title"] if title else []), *([some] if wrong else [])]
    is_one = not (title and wrong) and len(wrong) < 2
    said = " and ".join(subject)
    return f"{said[:1].upper()}{said[1:]} {'is' if is_one else 'are'} not conventional."


def _mend(title: Wrong | None, wrong: list[Wrong]) -> str:
    if title:
        return f"Title, {title.place}: {title.reason} Write it like {EXAMPLE}."
    return f"Reword the commit, {wrong[0].place}: {wrong[0].reason}"


def _all(commits: Commits) -> str:
    total = len(commits.all)
    return "its commit" if total == 1 else f"all {count(total, 'commit')}"


def _unread(what: str, unread: Unread) -> Verdict:
    if not unread.why:
        return Verdict("inconclusive", f"{what} is not known yet.", "It is read by itself.")
    return Verdict("inconclusive", f"{what} could not be read: {unread.why}")


def _evident(judged: Verdict, facts: Facts, label: str, url: str) -> Verdict:
    return Verdict(judged.state, judged.summary, judged.way, label, url, facts.listed_at)


def _names(results: "tuple[CheckResult, ...] | list[CheckResult]") -> str:
    names = list(dict.fromkeys(each.name for each in results))
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"
