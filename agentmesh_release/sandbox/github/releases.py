"""Releases: list, make, change (FACTS 1.7). A release of a tag that is missing makes the tag."""

from .. import clock, ids
from ..git import writing
from ..git.environment import GitFailed
from ..routing import Routes
from ..store import Row
from ..wire import Json, Response, as_json, nothing
from . import assets
from .doors import (
    NOT_FOUND,
    Place,
    Refusal,
    cause_of,
    in_repository,
    invalid,
    paged,
    text_field,
    user,
)

routes = Routes()


def shape(place: Place, row: Row) -> Json:
    """A release with its assets."""
    here = f"{place.api}/releases/{row['id']}"
    origin = place.call.request.origin
    tag = row["tag"]
    return {
        "id": row["id"],
        "node_id": ids.node("release", str(row["id"])),
        "url": here,
        "assets_url": f"{here}/assets",
        "upload_url": f"{origin}/github/uploads/repos/{place.project.full_name}"
        f"/releases/{row['id']}/assets{{?name,label}}",
        "html_url": f"{place.page}/releases/tag/{tag}",
        "tarball_url": f"{place.api}/tarball/refs/tags/{tag}",
        "zipball_url": f"{place.api}/zipball/refs/tags/{tag}",
        "tag_name": tag,
        "target_commitish": row["target"],
        "name": row["name"],
        "body": row["body"],
        "draft": bool(row["draft"]),
        "prerelease": bool(row["prerelease"]),
        "created_at": clock.iso(row["created_at"]),
        "published_at": clock.iso(row["published_at"]) if row["published_at"] else None,
        "author": user("demo", origin),
        "assets": assets.of(place, row["id"]),
    }


def _rows(place: Place) -> list[Row]:
    return place.call.sandbox.store.rows(
        "select * from releases where project = ? order by created_at desc, id desc",
        place.project.name,
    )


def find(place: Place, id_: str) -> Row:
    """One release's row. Raises Refusal."""
    row = place.call.sandbox.store.row(
        "select * from releases where project = ? and id = ?", place.project.name, id_
    )
    if row is None:
        raise Refusal(404, NOT_FOUND)
    return row


@routes.get("/repos/{owner}/{repo}/releases")
@in_repository
def index(place: Place) -> Response:
    """All releases, newest commit first; plain tags are none."""
    return paged(place.call, [shape(place, row) for row in _rows(place)])


@routes.get("/repos/{owner}/{repo}/releases/latest")
@in_repository
def latest(place: Place) -> Response:
    """The newest published one by its commit's date, no draft, no prerelease."""
    found = [
        row
        for row in _rows(place)
        if not row["draft"] and not row["prerelease"] and row["latest"] != "false"
    ]
    if not found:
        raise Refusal(404, NOT_FOUND)
    return as_json(shape(place, found[0]))


@routes.get("/repos/{owner}/{repo}/releases/tags/{tag}")
@in_repository
def by_tag(place: Place) -> Response:
    """The published release of a tag."""
    for row in _rows(place):
        if row["tag"] == place.call.params["tag"] and not row["draft"]:
            return as_json(shape(place, row))
    raise Refusal(404, NOT_FOUND)


@routes.get("/repos/{owner}/{repo}/releases/{id}")
@in_repository
def show(place: Place) -> Response:
    """One release by its number."""
    return as_json(shape(place, find(place, place.call.params["id"])))


@routes.post("/repos/{owner}/{repo}/releases")
@in_repository
def create(place: Place) -> Response:
    """Make a release; the tag is made at `target_commitish` when it is missing."""
    body = place.call.request.json()
    tag = text_field(body, "tag_name", "Release")
    draft = bool(body.get("draft"))
    sandbox = place.call.sandbox
    with place.git.writing, sandbox.store.transaction():
        if any(row["tag"] == tag and not row["draft"] for row in _rows(place)) and not draft:
            raise invalid("Release", "tag_name", "already_exists")
        target = str(body.get("target_commitish") or place.project.default_branch or "")
        sha = place.git.resolve(f"refs/tags/{tag}") or place.git.resolve(target)
        if sha is None:
            raise invalid("Release", "target_commitish", "invalid")
        if not draft:
            _ensure_tag(place, tag, sha)
        commit = place.git.commit(sha)
        now = clock.now_ms()
        id_ = sandbox.store.write(
            "insert into releases (project, tag, target, name, body, draft, prerelease,"
            " created_at, published_at, latest) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            place.project.name,
            tag,
            target,
            body.get("name"),
            body.get("body"),
            int(draft),
            int(bool(body.get("prerelease"))),
            commit.committer.at_s * 1000 if commit else now,
            None if draft else now,
            str(body.get("make_latest") or "true"),
        )
        sandbox.journal.add(
            "github",
            "release_created",
            place.project.name,
            cause_of(place.call),
            tag=tag,
            sha=sha,
            draft=draft,
        )
    return as_json(shape(place, find(place, str(id_))), 201)


def _ensure_tag(place: Place, tag: str, sha: str) -> None:
    name = f"refs/tags/{tag}"
    if name in place.git.refs:
        return
    try:
        writing.move_ref(place.git, name, sha, "")
    except GitFailed as error:
        raise invalid("Release", "tag_name", "invalid", "is not a valid tag") from error
    place.call.sandbox.journal.add(
        "github", "ref_created", place.project.name, cause_of(place.call), ref=name, sha=sha
    )


@routes.patch("/repos/{owner}/{repo}/releases/{id}")
@in_repository
def update(place: Place) -> Response:
    """Change a release; publishing a draft makes its tag."""
    body, sandbox = place.call.request.json(), place.call.sandbox
    with place.git.writing, sandbox.store.transaction():
        before = find(place, place.call.params["id"])
        draft = bool(body.get("draft", before["draft"]))
        tag = str(body.get("tag_name") or before["tag"])
        if before["draft"] and not draft:
            if any(row["tag"] == tag and not row["draft"] for row in _rows(place)):
                raise invalid("Release", "tag_name", "already_exists")
            sha = place.git.resolve(f"refs/tags/{tag}") or place.resolve(before["target"])
            _ensure_tag(place, tag, sha)
        published = before["published_at"] or (None if draft else clock.now_ms())
        sandbox.store.write(
            "update releases set tag = ?, name = ?, body = ?, draft = ?, prerelease = ?,"
            " published_at = ?, latest = ? where id = ?",
            tag,
            body.get("name", before["name"]),
            body.get("body", before["body"]),
            int(draft),
            int(bool(body.get("prerelease", before["prerelease"]))),
            published,
            str(body.get("make_latest") or before["latest"]),
            before["id"],
        )
        after = find(place, str(before["id"]))
        if tuple(after) != tuple(before):
            sandbox.journal.add(
                "github",
                "release_updated",
                place.project.name,
                cause_of(place.call),
                tag=tag,
                draft=draft,
            )
    return as_json(shape(place, after))


@routes.delete("/repos/{owner}/{repo}/releases/{id}")
@in_repository
def delete(place: Place) -> Response:
    """Remove a release with its files; its tag stays."""
    sandbox = place.call.sandbox
    with sandbox.store.transaction():
        row = find(place, place.call.params["id"])
        sandbox.store.write("delete from assets where release = ?", row["id"])
        sandbox.store.write("delete from releases where id = ?", row["id"])
        sandbox.journal.add(
            "github", "release_deleted", place.project.name, cause_of(place.call), tag=row["tag"]
        )
    return nothing(204)


@routes.post("/repos/{owner}/{repo}/releases/generate-notes")
@in_repository
def generate_notes(place: Place) -> Response:
    """A name and a body; nothing is kept (FACTS 1.7)."""
    body = place.call.request.json()
    tag = text_field(body, "tag_name", "Release")
    before = str(body.get("previous_tag_name") or "")
    span = f"{before}...{tag}" if before else tag
    return as_json({"name": tag, "body": f"**Full Changelog**: {place.page}/compare/{span}"})
