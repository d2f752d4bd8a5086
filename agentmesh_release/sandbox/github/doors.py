"""What GitHub's routes share: finding the repository, refusing, paging, naming people."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from .. import ids, project
from ..git.repository import Repository
from ..journal import Cause
from ..project import OWNER, Project
from ..routing import Call, Handler
from ..wire import Json, Response, as_json

DOCS = "https://docs.github.com/rest"


class Refusal(Exception):
    """A GitHub error on its way out (FACTS 1.2)."""

    def __init__(self, status: int, message: str, *errors: Json) -> None:
        super().__init__(message)
        self.status = status
        self.errors = errors

    def response(self, headers: Mapping[str, str] | None = None) -> Response:
        """The error body."""
        body: Json = {
            "message": str(self),
            "documentation_url": DOCS,
            "status": str(self.status),
        }
        if self.errors:
            body["errors"] = list(self.errors)
        return as_json(body, self.status, headers)


def invalid(resource: str, field: str, code: str, message: str = "") -> Refusal:
    """422 Validation Failed with one error."""
    error = {"resource": resource, "field": field, "code": code}
    if message:
        error["message"] = message
    return Refusal(422, "Validation Failed", error)


NOT_FOUND = "Not Found"


@dataclass(frozen=True)
class Place:
    """A repository as a call found it, and where its API and its pages are."""

    call: Call
    project: Project
    git: Repository

    @property
    def api(self) -> str:
        """`http://…/github/repos/demo/api`"""
        return f"{self.call.request.origin}/github/repos/{self.project.full_name}"

    @property
    def page(self) -> str:
        """`http://…/github/demo/api`"""
        return f"{self.call.request.origin}/github/{self.project.full_name}"

    def resolve(self, name: str) -> str:
        """The commit that a branch, tag or id names. Raises Refusal (404 or 422)."""
        sha = self.git.resolve(name)
        if sha is None:
            raise Refusal(422 if len(name) == 40 else 404, f"No commit found for SHA: {name}")
        return sha


PlaceHandler = Callable[[Place], Response]


def in_repository(handler: PlaceHandler) -> Handler:
    """A route below `/repos/{owner}/{repo}`: 404 when there is no such repository."""

    def answer(call: Call) -> Response:
        owner = project.named(call.sandbox, call.params["repo"])
        if owner is None or call.params["owner"].lower() != OWNER:
            raise Refusal(404, NOT_FOUND)
        return handler(Place(call, owner, owner.repository(call.sandbox)))

    return answer


@dataclass(frozen=True)
class Paging:
    """`per_page` (30, at most 100) and `page` (from 1), FACTS 1.4."""

    page: int
    per_page: int

    @property
    def start(self) -> int:
        """The first item's position."""
        return (self.page - 1) * self.per_page

    @property
    def stop(self) -> int:
        """The position after the last item."""
        return self.start + self.per_page

    def cut(self, items: Sequence[Json]) -> Sequence[Json]:
        """The items of this page."""
        return items[self.start : self.stop]

    def links(self, call: Call, total: int) -> dict[str, str]:
        """The Link header; empty when one page holds all."""
        last = max(1, -(-total // self.per_page))
        pages: dict[str, int] = {}
        if self.page > 1:
            pages |= {"prev": min(self.page - 1, last)}
        if self.page < last:
            pages |= {"next": self.page + 1, "last": last}
        if self.page > 1:
            pages |= {"first": 1}
        parts = [f'<{_address(call, page)}>; rel="{name}"' for name, page in pages.items()]
        return {"Link": ", ".join(parts)} if parts else {}


def _address(call: Call, page: int) -> str:
    request = call.request
    query = [(name, value) for name, values in request.query.items() for value in values]
    others = [(name, value) for name, value in query if name != "page"]
    return f"{request.origin}{request.path}?{urlencode([*others, ('page', str(page))])}"


def paging(call: Call) -> Paging:
    """The page that a call asks for; nonsense counts as the default."""

    def number(name: str, usual: int) -> int:
        value = call.request.first(name)
        return int(value) if value.isascii() and value.isdigit() and int(value) > 0 else usual

    return Paging(number("page", 1), min(number("per_page", 30), 100))


def paged(call: Call, items: Sequence[Json]) -> Response:
    """One page of a list that is in memory."""
    wanted = paging(call)
    return as_json(list(wanted.cut(items)), headers=wanted.links(call, len(items)))


def user(login: str, origin: str) -> Json:
    """A person in GitHub's short form."""
    at = f"{origin}/github/users/{login}"
    names = (
        "followers",
        "following",
        "gists",
        "starred",
        "subscriptions",
        "organizations",
        "repos",
        "events",
        "received_events",
    )
    return {
        "login": login,
        "id": ids.number("user", login),
        "node_id": ids.node("user", login),
        "avatar_url": "",
        "gravatar_id": "",
        "url": at,
        "html_url": f"{origin}/github/{login}",
        "type": "User",
        "site_admin": False,
    } | {f"{name}_url": f"{at}/{name}" for name in names}


def login(name: str) -> str:
    """A login made from a commit author's name: letters, digits and single hyphens."""
    kept = "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in name)
    return "-".join(part for part in kept.lower().split("-") if part)[:39] or "ghost"


def cause_of(call: Call) -> Cause:
    """The caller, by a fingerprint of the token (the token itself never rests)."""
    mark = hashlib.sha256(call.request.bearer().encode()).hexdigest()[:8]
    return Cause(call.request.id, f"token:{mark}")


def text_field(body: Json, name: str, resource: str) -> str:
    """A required text of a body. Raises Refusal."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise invalid(resource, name, "missing_field")
    return value
