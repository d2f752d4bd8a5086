"""GitHub's webhooks: whether one is GitHub's, and what it touches.

https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

from agentmesh_release.providers.fields import Fields
from agentmesh_release.providers.wire import parse_json

MOST_BYTES = 25_000_000  # GitHub sends nothing larger
_FORM = b"payload="


@dataclass(frozen=True)
class Ref:
    """A branch or a tag that moved, came or went; `kind` is branch or tag."""

    kind: str
    name: str


@dataclass(frozen=True)
class Pull:
    """A pull request, its reviews or its commits."""

    number: int


@dataclass(frozen=True)
class Checks:
    """The check runs and statuses of a commit."""

    sha: str


@dataclass(frozen=True)
class Builds:
    """Deployments that somebody told GitHub of."""


@dataclass(frozen=True)
class Alerts:
    """Security alerts."""


@dataclass(frozen=True)
class Hook:
    """The webhook itself: it was set up, and says hello."""

    id: int


@dataclass(frozen=True)
class Everything:
    """A repository, its rules, or what we may see of it."""


Touched = Ref | Pull | Checks | Builds | Alerts | Hook | Everything


@dataclass(frozen=True)
class Event:
    """What a webhook says happened: in which repositories, `owner/name` (under the former name too
    where one was renamed), and what of them it touched; None for what nothing here depends on."""

    action: str
    repositories: tuple[str, ...]
    touched: Touched | None


def is_signed(body: bytes, signature: str, secrets: Sequence[str]) -> bool:
    """Whether X-Hub-Signature-256 was made with one of the secrets; all are tried, and each is
    compared in constant time.

    https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
    """
    given = signature.encode("utf-8", "replace")
    return True in [hmac.compare_digest(_signature(key, body), given) for key in secrets]


def _signature(key: str, body: bytes) -> bytes:
    return b"sha256=" + hmac.new(key.encode(), body, hashlib.sha256).hexdigest().encode()


def read(name: str, body: bytes) -> Event:
    """Read the body of an event of that name, as JSON or as the form that wraps it. Raises
    ProviderError where it does not hold what such events hold."""
    payload = Fields.of(_parsed(body), f"GitHub's {name} event")
    reader = _READERS.get(name)
    return Event(
        payload.maybe_text("action") or "",
        tuple(dict.fromkeys(_repositories(payload))),
        reader(payload) if reader else None,
    )


def _parsed(body: bytes) -> object:
    if body.startswith(_FORM):
        values = parse_qs(body.decode("utf-8", "replace"), strict_parsing=False)
        body = values.get("payload", [""])[0].encode("utf-8", "replace")
    return parse_json(body, vendor="GitHub's webhook", status=200)


def _repositories(payload: Fields) -> list[str]:
    repository = payload.maybe_part("repository")
    listed = [
        part
        for key in ("repositories", "repositories_added", "repositories_removed")
        for part in (payload.parts(key) if isinstance(payload.data.get(key), list) else [])
    ]
    names = [part.text("full_name") for part in ([repository] if repository else []) + listed]
    former = payload.part("changes").part("repository").part("name").maybe_text("from")
    if former and names:
        names.append(f"{names[0].split('/')[0]}/{former}")
    return names


def _pushed(payload: Fields) -> Touched | None:
    """`ref` is the whole name, `refs/heads/main`."""
    ref = payload.text("ref")
    for kind, prefix in (("branch", "refs/heads/"), ("tag", "refs/tags/")):
        if ref.startswith(prefix):
            return Ref(kind, ref.removeprefix(prefix))
    return None


def _made(payload: Fields) -> Touched:
    """`create` and `delete` name the kind, `branch` or `tag`, beside the short name."""
    return Ref(payload.text("ref_type"), payload.text("ref"))


def _released(payload: Fields) -> Touched:
    return Ref("tag", payload.part("release").text("tag_name"))


def _of_pull(payload: Fields) -> Touched:
    return Pull(payload.part("pull_request").whole("number"))


def _in(key: str, field: str = "head_sha") -> Callable[[Fields], Touched]:
    return lambda payload: Checks(payload.part(key).text(field))


def _of_status(payload: Fields) -> Touched:
    return Checks(payload.text("sha"))


def _pinged(payload: Fields) -> Touched:
    return Hook(payload.whole("hook_id"))


def _builds(_: Fields) -> Touched:
    return Builds()


def _alerts(_: Fields) -> Touched:
    return Alerts()


def _everything(_: Fields) -> Touched:
    return Everything()


_READERS: Mapping[str, Callable[[Fields], Touched | None]] = {
    "push": _pushed,
    "create": _made,
    "delete": _made,
    "release": _released,
    "pull_request": _of_pull,
    "pull_request_review": _of_pull,
    "pull_request_review_comment": _of_pull,
    "pull_request_review_thread": _of_pull,
    "check_run": _in("check_run"),
    "check_suite": _in("check_suite"),
    "workflow_run": _in("workflow_run"),
    "workflow_job": _in("workflow_job"),
    "merge_group": _in("merge_group"),
    "status": _of_status,
    "deployment": _builds,
    "deployment_status": _builds,
    "code_scanning_alert": _alerts,
    "dependabot_alert": _alerts,
    "secret_scanning_alert": _alerts,
    "ping": _pinged,
    "repository": _everything,
    "branch_protection_rule": _everything,
    "branch_protection_configuration": _everything,
    "repository_ruleset": _everything,
    "installation": _everything,
    "installation_repositories": _everything,
}
