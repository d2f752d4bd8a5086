"""Acts on open pull requests, and on what guards the branch that they go to."""

from .. import openpulls, trunk
from ..github import apps, guarding
from ..journal import Cause
from ..sandbox import Sandbox
from ..wire import Json
from . import values as read
from .acts import act
from .values import Wrong

BAD_TITLE = "Improved things"


def number_of(values: Json) -> int:
    """The number of a pull request. Raises Wrong."""
    found = read.number(values, "number")
    if found is None:
        raise Wrong("number is missing.")
    return int(found)


@act("pulls/approve")
def approve_pull(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Approve an open pull request."""
    by = read.text(values, "by", trunk.REVIEWER)
    pull = trunk.approve(sandbox, read.project(sandbox, values), cause, number_of(values), by)
    return {"number": pull.number, "by": by}


@act("pulls/request-changes")
def ask_for_changes(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Ask for changes of an open pull request."""
    owner, by = read.project(sandbox, values), read.text(values, "by", trunk.REVIEWER)
    pull = openpulls.ask_for_changes(sandbox, owner, cause, number_of(values), by)
    return {"number": pull.number, "by": by}


@act("pulls/dismiss")
def dismiss_reviews(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Dismiss the reviews of an open pull request."""
    owner, number = read.project(sandbox, values), number_of(values)
    return {"number": number, "of": openpulls.dismiss(sandbox, owner, cause, number)}


@act("pulls/push")
def push(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Push another commit to an open pull request."""
    owner, message = read.project(sandbox, values), read.text(values, "message", "fix: once more")
    pull = openpulls.push(sandbox, owner, cause, number_of(values), message)
    return {"number": pull.number, "head_sha": pull.head_sha}


@act("pulls/rebase")
def rebase(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Rebase an open pull request onto the default branch."""
    pull = openpulls.rebase(sandbox, read.project(sandbox, values), cause, number_of(values))
    return {"number": pull.number, "head_sha": pull.head_sha}


@act("pulls/retitle")
def retitle(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Give an open pull request another title."""
    owner, title = read.project(sandbox, values), read.text(values, "title", BAD_TITLE)
    pull = openpulls.retitle(sandbox, owner, cause, number_of(values), title)
    return {"number": pull.number, "title": pull.title}


@act("pulls/merge")
def merge_pull(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Merge an open pull request."""
    landed = trunk.merge(sandbox, read.project(sandbox, values), cause, number_of(values))
    return {"sha": landed.sha, "deployment": landed.deployment}


@act("protection")
def guard(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Guard the default branch fully, weakly, or out of the token's sight."""
    owner = read.project(sandbox, values)
    kind = read.choice(values, "kind", guarding.KINDS)
    checks = tuple(filter(None, read.text(values, "checks", "").split(",")))
    guarding.change(sandbox, owner, guarding.Guard(kind, checks))
    sandbox.journal.add("github", "protection_changed", owner.name, cause, guard=kind)
    return {"project": owner.name, "kind": kind}


@act("app")
def know_app(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Know a GitHub App by its id and public key; installed, suspended or removed everywhere."""
    found = read.number(values, "id")
    if not found:
        raise Wrong("id is missing.")
    state = read.choice({"state": values.get("state") or "installed"}, "state", apps.STATES)
    apps.know(sandbox, int(found), read.text(values, "public_key"), state)
    return {"id": int(found), "state": state}


@act("app/tokens/end")
def end_tokens(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """From now on no token of any App is good, as after an hour."""
    apps.end_tokens(sandbox)
    return {}
