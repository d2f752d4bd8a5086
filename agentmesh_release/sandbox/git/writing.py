"""New objects and refs in the sandbox's own clone."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from .environment import GitFailed
from .repository import Repository

Files = Mapping[str, bytes]


def commit(
    repository: Repository,
    *,
    parents: list[str],
    files: Files,
    message: str,
    author: str,
    at_s: int,
    base: str | None = None,
) -> str:
    """Write a commit: the tree of `base` (default: first parent) with `files` put in. No ref moves.

    `author` is `Name <address>`. Returns the new commit's id.
    """
    if base is None:
        base = parents[0] if parents else ""
    tree = _tree(repository, base, files)
    name, _, address = author.partition(" <")
    moment = f"{at_s} +0000"
    person = {
        f"GIT_{role}_{part}": value
        for role in ("AUTHOR", "COMMITTER")
        for part, value in (("NAME", name), ("EMAIL", address.rstrip(">")), ("DATE", moment))
    }
    parent_options = [word for parent in parents for word in ("-p", parent)]
    output = repository.git.run(
        "commit-tree",
        tree,
        *parent_options,
        cwd=repository.directory,
        stdin=message.encode(),
        extra=person,
    )
    return output.decode().strip()


def _tree(repository: Repository, base: str, files: Files) -> str:
    git, directory = repository.git, repository.directory
    with tempfile.TemporaryDirectory(dir=directory) as place:
        index = {"GIT_INDEX_FILE": str(Path(place) / "index")}
        if base:
            git.run("read-tree", base, cwd=directory, extra=index)
        lines = []
        for path, content in files.items():
            blob = git.run("hash-object", "-w", "--stdin", cwd=directory, stdin=content)
            lines.append(b"100644 " + blob.strip() + b"\t" + path.encode() + b"\0")
        git.run(
            "update-index", "-z", "--index-info", cwd=directory, stdin=b"".join(lines), extra=index
        )
        return git.run("write-tree", "--missing-ok", cwd=directory, extra=index).decode().strip()


def changed_files(repository: Repository, base: str, head: str) -> Files:
    """The files that differ between two commits, with their content at the second."""
    output = repository.git.run(
        "diff-tree",
        "-r",
        "-z",
        "--no-renames",
        "--diff-filter=AM",
        "--name-only",
        base,
        head,
        cwd=repository.directory,
    )
    files = {}
    for raw in output.split(b"\0"):
        path = raw.decode(errors="replace")
        entry = repository.entry(head, path) if path else None
        blob = repository.object(entry.id) if entry else None
        if blob is not None and blob.kind == "blob":
            files[path] = blob.data
    return files


def move_ref(repository: Repository, ref: str, new: str, old: str | None = None) -> None:
    """Point a full ref at an object. With `old` ("" = must not exist) only if it is there now.

    Raises GitFailed when the name is no good or `old` does not hold.
    """
    with repository.writing:
        zero = "0" * len(new)
        expected = [] if old is None else [old or zero]
        repository.git.run("check-ref-format", ref, cwd=repository.directory)
        repository.git.run("update-ref", ref, new, *expected, cwd=repository.directory)
        repository.reread()


def delete_ref(repository: Repository, ref: str) -> None:
    """Remove a full ref. Raises GitFailed."""
    with repository.writing:
        repository.git.run("update-ref", "-d", ref, cwd=repository.directory)
        repository.reread()


def write_tag(repository: Repository, content: bytes) -> str:
    """Write an annotated tag object without a ref (FACTS 1.7). Raises GitFailed when malformed."""
    output = repository.git.run("mktag", cwd=repository.directory, stdin=content)
    return output.decode().strip()


def merge_tree(repository: Repository, ours: str, theirs: str) -> str:
    """The tree of a merge of two commits; where they conflict, the second's tree."""
    try:
        output = repository.git.run(
            "merge-tree", "--write-tree", ours, theirs, cwd=repository.directory
        )
    except GitFailed:
        return f"{theirs}^{{tree}}"
    return output.decode().split()[0]
