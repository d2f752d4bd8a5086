"""Branches and tags, by one `git for-each-ref`."""

from dataclasses import dataclass, replace
from datetime import datetime

from releases.history.git import Git
from releases.history.times import moment
from releases.history.unreadable import HistoryUnreadable

_FIELDS = (
    "%(refname)",
    "%(objecttype)",
    "%(objectname)",
    "%(*objecttype)",
    "%(*objectname)",
    "%(taggerdate:unix)",
    "%(HEAD)",
)
_BRANCHES, _TAGS = "refs/heads/", "refs/tags/"


@dataclass(frozen=True, slots=True)
class Ref:
    """A branch or a tag; `commit` is None where it leads to a tree or a blob."""

    name: str
    commit: str | None
    tagged_at: datetime | None = None
    is_annotated: bool = False
    is_checked_out: bool = False


@dataclass(frozen=True, slots=True)
class Refs:
    """`later` counts the tags that are left out, since they are on what came after."""

    branches: dict[str, Ref]
    tags: tuple[Ref, ...]
    later: int = 0

    @property
    def checked_out(self) -> str | None:
        """The branch that HEAD is on, if it has a commit."""
        return next((ref.name for ref in self.branches.values() if ref.is_checked_out), None)


def read_refs(git: Git) -> Refs:
    """Every branch and tag with the commit that it leads to."""
    answer = git.text("for-each-ref", f"--format={'%00'.join(_FIELDS)}", _BRANCHES, _TAGS)
    branches: dict[str, Ref] = {}
    tags: list[Ref] = []
    nested: dict[int, str] = {}
    for line in filter(None, answer.split("\n")):
        name, kind, sha, peeled_kind, peeled, tagged_at, head = line.split("\0")
        if name.startswith(_BRANCHES):
            short = name.removeprefix(_BRANCHES)
            branches[short] = Ref(short, sha, is_checked_out=head == "*")
            continue
        if peeled_kind == "tag":
            nested[len(tags)] = sha
        commit = {"commit": sha}.get(kind) or {"commit": peeled}.get(peeled_kind)
        tags.append(Ref(name.removeprefix(_TAGS), commit, moment(tagged_at), kind == "tag"))
    for at, commit in _peeled(git, nested).items():
        tags[at] = replace(tags[at], commit=commit)
    return Refs(branches, tuple(tags))


def detached(git: Git) -> str | None:
    """The commit that is checked out, also without a branch, if any."""
    try:
        return git.text("rev-parse", "--verify", "--quiet", "HEAD^{commit}").strip() or None
    except HistoryUnreadable:
        return None


def as_checked_out(git: Git, refs: Refs) -> Refs:
    """What a commit that is checked out without a branch knows: no branch, and no tag on a commit
    that came after it. The same, where a branch is checked out, or nothing.
    """
    head = None if refs.checked_out else detached(git)
    if head is None:
        return refs
    later = git.text("for-each-ref", "--format=%(refname)", f"--contains={head}", _TAGS).split("\n")
    names = {name.removeprefix(_TAGS) for name in later}
    known = tuple(tag for tag in refs.tags if tag.commit == head or tag.name not in names)
    return Refs({}, known, later=len(refs.tags) - len(known))


def _peeled(git: Git, nested: dict[int, str]) -> dict[int, str | None]:
    """The commits behind tags of tags, which for-each-ref before git 2.45 follows one step only."""
    if not nested:
        return {}
    asked = "".join(f"{sha}^{{commit}}\n" for sha in nested.values()).encode()
    answer = git.text("cat-file", "--batch-check=%(objecttype) %(objectname)", stdin=asked)
    return dict(zip(nested, map(_commit, answer.splitlines()), strict=True))


def _commit(line: str) -> str | None:
    kind, _, sha = line.partition(" ")
    return sha if kind == "commit" else None
