"""Git's own refs and tag objects (FACTS 1.7): a tag object alone makes no ref."""

from datetime import datetime

from .. import clock, ids
from ..git import writing
from ..git.commit import headers, person, text
from ..git.environment import GitFailed
from ..git.pipe import is_object_id
from ..routing import Routes
from ..wire import Json, Response, as_json, nothing
from .doors import NOT_FOUND, Place, Refusal, cause_of, in_repository, invalid, text_field

routes = Routes()


def _shape(place: Place, name: str, object_id: str, kind: str) -> Json:
    plural = {"commit": "commits", "tag": "tags", "tree": "trees", "blob": "blobs"}[kind]
    return {
        "ref": name,
        "node_id": ids.node("ref", place.project.name, name),
        "url": f"{place.api}/git/{name}",
        "object": {
            "type": kind,
            "sha": object_id,
            "url": f"{place.api}/git/{plural}/{object_id}",
        },
    }


@routes.get("/repos/{owner}/{repo}/git/ref/{ref...}")
@in_repository
def show(place: Place) -> Response:
    """One ref by its exact name (`heads/main`, `tags/v1.0.0`)."""
    found = place.git.refs.get(f"refs/{place.call.params['ref']}")
    if found is None:
        raise Refusal(404, NOT_FOUND)
    return as_json(_shape(place, found.name, found.object_id, found.object_kind))


@routes.get("/repos/{owner}/{repo}/git/matching-refs/{ref...}")
@in_repository
def matching(place: Place) -> Response:
    """All refs whose names begin so."""
    start = f"refs/{place.call.params['ref']}"
    found = [ref for name, ref in place.git.refs.items() if name.startswith(start)]
    return as_json([_shape(place, one.name, one.object_id, one.object_kind) for one in found])


@routes.post("/repos/{owner}/{repo}/git/refs")
@in_repository
def create(place: Place) -> Response:
    """A new branch or tag. 422 when it exists, when its name is bad, when the object is missing."""
    body = place.call.request.json()
    name, sha = text_field(body, "ref", "Reference"), text_field(body, "sha", "Reference")
    if not name.startswith("refs/") or name.count("/") < 2:
        raise Refusal(422, "Reference name must start with 'refs/' and have two slashes")
    found = place.git.object(sha) if is_object_id(sha) else None
    if found is None:
        raise Refusal(422, "Object does not exist")
    with place.git.writing, place.call.sandbox.store.transaction():
        if name in place.git.refs:
            raise Refusal(422, "Reference already exists")
        try:
            writing.move_ref(place.git, name, sha, "")
        except GitFailed as error:
            raise Refusal(422, f"{name} is not a valid ref name") from error
        place.call.sandbox.journal.add(
            "github", "ref_created", place.project.name, cause_of(place.call), ref=name, sha=sha
        )
    return as_json(_shape(place, name, sha, found.kind), 201)


@routes.patch("/repos/{owner}/{repo}/git/refs/{ref...}")
@in_repository
def update(place: Place) -> Response:
    """Move a ref; without `force` only forward."""
    body = place.call.request.json()
    name, sha = f"refs/{place.call.params['ref']}", text_field(body, "sha", "Reference")
    with place.git.writing, place.call.sandbox.store.transaction():
        before = place.git.refs.get(name)
        found = place.git.object(sha) if is_object_id(sha) else None
        if before is None or found is None:
            raise Refusal(
                422, "Reference does not exist" if before is None else "Object does not exist"
            )
        if not body.get("force") and place.git.merge_base(before.commit, sha) != before.commit:
            raise Refusal(422, "Update is not a fast forward")
        if before.object_id != sha:
            writing.move_ref(place.git, name, sha, before.object_id)
            place.call.sandbox.journal.add(
                "github",
                "ref_updated",
                place.project.name,
                cause_of(place.call),
                ref=name,
                sha=sha,
                **{"from": before.object_id},
            )
    return as_json(_shape(place, name, sha, found.kind))


@routes.delete("/repos/{owner}/{repo}/git/refs/{ref...}")
@in_repository
def delete(place: Place) -> Response:
    """Remove a ref."""
    name = f"refs/{place.call.params['ref']}"
    with place.git.writing, place.call.sandbox.store.transaction():
        before = place.git.refs.get(name)
        if before is None:
            raise Refusal(422, "Reference does not exist")
        writing.delete_ref(place.git, name)
        place.call.sandbox.journal.add(
            "github",
            "ref_deleted",
            place.project.name,
            cause_of(place.call),
            ref=name,
            sha=before.object_id,
        )
    return nothing(204)


@routes.post("/repos/{owner}/{repo}/git/tags")
@in_repository
def create_tag(place: Place) -> Response:
    """An annotated tag object. No ref is made: that is a second call."""
    body = place.call.request.json()
    name, sha = text_field(body, "tag", "Tag"), text_field(body, "object", "Tag")
    message = str(body.get("message") or "")
    kind = str(body.get("type") or "commit")
    tagger = body.get("tagger") or {}
    if not is_object_id(sha) or place.git.object(sha) is None:
        raise Refusal(422, "Object does not exist")
    who = f"{_line(tagger.get('name', 'demo'))} <{_line(tagger.get('email', 'demo@example.com'))}>"
    content = (
        f"object {sha}\ntype {kind}\ntag {name}\ntagger {who} {_moment(tagger)} +0000\n\n"
        f"{message.rstrip()}\n"
    )
    try:
        tag_id = writing.write_tag(place.git, content.encode(errors="replace"))
    except GitFailed as error:
        raise invalid("Tag", "tag", "invalid") from error
    place.call.sandbox.journal.add(
        "github",
        "tag_created",
        place.project.name,
        cause_of(place.call),
        tag=name,
        sha=tag_id,
        object=sha,
    )
    return as_json(_tag(place, tag_id), 201)


@routes.get("/repos/{owner}/{repo}/git/tags/{sha}")
@in_repository
def show_tag(place: Place) -> Response:
    """An annotated tag object."""
    return as_json(_tag(place, place.call.params["sha"]))


def _tag(place: Place, tag_id: str) -> Json:
    found = place.git.object(tag_id) if is_object_id(tag_id) else None
    if found is None or found.kind != "tag":
        raise Refusal(404, NOT_FOUND)
    head, _, message = found.data.partition(b"\n\n")
    fields = {name: text(values[0]) for name, values in headers(head).items()}
    tagger = person(fields.get(b"tagger", "").encode())
    kind, object_id = fields[b"type"], fields[b"object"]
    return {
        "node_id": ids.node("tag", tag_id),
        "tag": fields[b"tag"],
        "sha": tag_id,
        "url": f"{place.api}/git/tags/{tag_id}",
        "message": text(message),
        "tagger": {
            "name": tagger.name,
            "email": tagger.email,
            "date": clock.iso(tagger.at_s * 1000),
        },
        "object": {"type": kind, "sha": object_id, "url": f"{place.api}/git/{kind}s/{object_id}"},
        "verification": {
            "verified": False,
            "reason": "unsigned",
            "signature": None,
            "payload": None,
            "verified_at": None,
        },
    }


def _line(value: object) -> str:
    return "".join(letter for letter in str(value) if letter.isprintable() and letter not in "<>")


def _moment(tagger: Json) -> int:
    try:
        return int(datetime.fromisoformat(str(tagger["date"])).timestamp())
    except (KeyError, ValueError):
        return clock.now_ms() // 1000
