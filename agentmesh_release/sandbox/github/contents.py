"""Files and directories at a commit."""

from base64 import encodebytes
from urllib.parse import quote

from ..git.pipe import GitObject
from ..git.tree import Entry
from ..routing import Routes
from ..wire import Json, Response, as_json
from .doors import NOT_FOUND, Place, Refusal, in_repository

routes = Routes()
MOST_ENTRIES = 1_000
INLINE_BYTES = 1024 * 1024


@routes.get("/repos/{owner}/{repo}/contents")
@routes.get("/repos/{owner}/{repo}/contents/{path...}")
@in_repository
def show(place: Place) -> Response:
    """A file with its content (base64, up to 1 MB), or a directory's entries (up to 1,000)."""
    path = place.call.params.get("path", "").strip("/")
    head = place.project.head(place.call.sandbox)
    if head is None:
        raise Refusal(404, "This repository is empty.")
    wanted = place.call.request.first("ref")
    sha = place.git.resolve(wanted) if wanted else head
    if sha is None:
        raise Refusal(404, f"No commit found for the ref {wanted}")
    entry = place.git.entry(sha, path)
    if entry is None:
        raise Refusal(404, NOT_FOUND)
    if entry.kind == "dir":
        inside = place.git.directory_of(entry.id)[:MOST_ENTRIES]
        return as_json(
            [_listed(place, sha, f"{path}/{one.name}".strip("/"), one) for one in inside]
        )
    if "application/vnd.github.raw" in place.call.request.headers.get("accept", ""):
        return _raw(place, entry)
    return as_json(_file(place, sha, path, entry))


def _raw(place: Place, entry: Entry) -> Response:
    """The bytes of a file of any size."""
    if entry.kind == "submodule":
        raise Refusal(404, NOT_FOUND)
    found = _content(place, entry)
    return Response(200, found.data, "application/vnd.github.raw+json; charset=utf-8")


def _content(place: Place, entry: Entry) -> GitObject:
    """A file's object. A partial clone may lack it: that is an error, not an empty file."""
    found = place.git.object(entry.id)
    if found is None:
        raise Refusal(500, "The registered repository is a partial clone without this file.")
    return found


def _listed(place: Place, sha: str, path: str, entry: Entry) -> Json:
    here = f"{place.api}/contents/{quote(path)}?ref={sha}"
    is_file = entry.kind in ("file", "symlink")
    word = "tree" if entry.kind == "dir" else "blob"
    page = f"{place.page}/{word}/{sha}/{quote(path)}"
    objects = f"{place.api}/git/{word}s/{entry.id}"
    # A list calls a submodule a file, an old promise of GitHub's API until 2026-03-10.
    kind = "file" if entry.kind == "submodule" else entry.kind
    return {
        "type": kind,
        "size": (place.git.pipe.size(entry.id) or 0) if is_file else 0,
        "name": entry.name,
        "path": path,
        "sha": entry.id,
        "url": here,
        "git_url": objects,
        "html_url": page,
        "download_url": f"{place.page}/raw/{sha}/{quote(path)}" if is_file else None,
        "_links": {"self": here, "git": objects, "html": page},
    }


def _file(place: Place, sha: str, path: str, entry: Entry) -> Json:
    body = _listed(place, sha, path, entry)
    if entry.kind == "submodule":
        return body | {"type": "submodule", "submodule_git_url": ""}
    is_inline = body["size"] <= INLINE_BYTES
    found = _content(place, entry) if is_inline else None
    content = encodebytes(found.data).decode() if found else ""
    body |= {"content": content, "encoding": "base64" if is_inline else "none"}
    if entry.kind == "symlink" and found:
        body["target"] = found.data.decode(errors="replace")
    return body
