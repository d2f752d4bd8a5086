"""What `html_url` points at: a plain page about a commit, a pull request, a release."""

from collections.abc import Callable

from .. import clock, evidence, project
from ..project import OWNER, Project
from ..sandbox import Sandbox
from ..wire import Request, Response
from . import ci, pullrequests, reviews, securityalerts


def is_page(request: Request) -> bool:
    """Whether a path below /github is for people: it starts with the owner's name."""
    return request.method == "GET" and request.segments[1:2] == [OWNER]


def answer(sandbox: Sandbox, request: Request) -> Response:
    """A page about what was linked; the repository's own page for anything unknown inside it."""
    _, _, name, kind, *rest = [*request.segments, "", "", ""]
    owner = project.named(sandbox, name)
    place = f"GitHub, {OWNER}/{name}"
    if owner is None:
        return evidence.missing(place)
    found = KINDS[kind](sandbox, owner, rest[0]) if kind in KINDS else None
    return found or evidence.page(place, owner.full_name, [("Branch", owner.default_branch or "")])


def _commit(sandbox: Sandbox, owner: Project, sha: str) -> Response | None:
    commit = owner.repository(sandbox).commit(sha)
    if commit is None:
        return None
    checks = [
        (run.name, run.conclusion or run.status.replace("_", " "))
        for run in ci.runs(sandbox, owner, sha)
    ]
    pulls = [f"#{one.number} {one.title}" for one in pullrequests.of_commit(sandbox, owner, sha)]
    facts = [
        ("Commit", sha),
        ("Author", commit.author.name),
        ("Committed", clock.iso(commit.committer.at_s * 1000)),
        ("Pull request", ", ".join(pulls) or "none"),
        *checks,
    ]
    title = commit.subject or "No message"
    return evidence.page(f"GitHub, {owner.full_name}", title, facts, commit.message)


def _pull(sandbox: Sandbox, owner: Project, number: str) -> Response | None:
    wanted = int(number) if number.isascii() and number.isdigit() else 0
    pull = pullrequests.find(sandbox, owner, wanted)
    if pull is None:
        return None
    given = [f"{row['login']} {row['state'].lower()}" for row in reviews.of(sandbox, owner, wanted)]
    facts = [
        ("Number", f"#{pull.number}"),
        ("State", "merged" if pull.merged_at else "open"),
        ("Author", pull.author),
        ("Branch", pull.head_ref),
        ("Reviews", ", ".join(given) or "none given here"),
        ("Landed as", pull.merge_sha or "not yet"),
    ]
    return evidence.page(f"GitHub, {owner.full_name}", pull.title, facts, pull.body or "")


def _release(sandbox: Sandbox, owner: Project, word: str) -> Response | None:
    """`/releases/tag/…` comes as the word `tag`: the newest releases are shown."""
    rows = sandbox.store.rows(
        "select * from releases where project = ? order by id desc limit 20", owner.name
    )
    if word != "tag" or not rows:
        return None
    facts = [(row["tag"], row["name"] or "no name") for row in rows]
    return evidence.page(f"GitHub, {owner.full_name}", "Releases", facts, rows[0]["body"] or "")


def _security(sandbox: Sandbox, owner: Project, source: str) -> Response | None:
    """`/security/dependabot/3` and its like: the alerts of that source."""
    if source not in securityalerts.SOURCES:
        return None
    facts = [
        (f"#{one.number}", f"{one.summary} ({one.severity}, {'open' if one.is_open else 'closed'})")
        for one in securityalerts.of(sandbox, owner, source)
    ]
    return evidence.page(f"GitHub, {owner.full_name}", f"Alerts of {source}", facts)


KINDS: dict[str, Callable[[Sandbox, Project, str], Response | None]] = {
    "commit": _commit,
    "pull": _pull,
    "releases": _release,
    "security": _security,
}
