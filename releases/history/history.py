"""A repository's history as the rest of the product takes it in."""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from releases.conventional.versions import NearlyVersion
from releases.history.containment import Containment
from releases.history.folders import own_prefix
from releases.history.git import IDLE_TIMEOUT_S, Git
from releases.history.gitlog import MESSAGE_LIMIT, RawCommit, read_log
from releases.history.refs import Refs, as_checked_out, detached, read_refs
from releases.history.revisions import commit_named
from releases.history.tags import Tag, sort_out
from releases.history.times import EPOCH
from releases.history.unreadable import HistoryUnreadable, printable

_USUAL_BRANCHES = ("main", "master", "trunk")


@dataclass(frozen=True, slots=True)
class LoggedCommit:
    """A commit and its place in the history. Times are aware; text can be stored as it is.

    `position` counts from 0 at the newest. `release` and `stable_release` are names of tags, None
    for not released yet; what the next version will bring is `is_on_head` without a
    `stable_release`. Where the history is that of a folder, only what `touches` it counts.
    """

    sha: str
    parents: tuple[str, ...]
    author_name: str
    author_email: str
    authored_at: datetime
    committed_at: datetime
    message: str
    position: int
    is_trunk: bool
    is_on_head: bool
    release: str | None
    stable_release: str | None
    touches: bool

    @property
    def is_merge(self) -> bool:
        return len(self.parents) > 1


class History:
    """What `read_history` gives: branches and tags at once, commits as they are asked for."""

    def __init__(
        self, git: Git, refs: Refs, branch: str | None, prefix: str | None, folder: str
    ) -> None:
        self._git = git
        self.folder = folder
        if prefix is None:
            prefix = own_prefix(folder, sort_out(refs.tags).nearly) if folder else ""
        self.tag_prefix = prefix
        tags = sort_out(refs.tags, prefix)
        self.default_branch, self.head = _default(git, refs, branch)
        self.tags: tuple[Tag, ...] = tags.versions
        self.nearly: tuple[NearlyVersion, ...] = tags.nearly
        self.tag_warnings: tuple[str, ...] = tags.warnings
        self._found = [*_about_head(self, git, refs.later), *tags.warnings]
        self._oddities: Counter[str] = Counter()
        self._trunk_names: set[str | None] = set()
        self._committed_at: dict[str, datetime] = {}
        self._is_touched = True
        self.is_limited = False
        self.since: str | None = None
        self._after: str | None = None

    def limit(self, since: str | None, until: str | None) -> None:
        """Tell only what `until` reaches (None: the default branch) and `since` does not.

        Both name a commit as git does. Raises `HistoryUnreadable` where they name none.
        """
        if until is not None:
            self.head = commit_named(self._git, until)
        self._after = None if since is None else commit_named(self._git, since)
        self.since = since
        self.is_limited = True

    def commits(self) -> Iterator[LoggedCommit]:
        """Stream the commits of the default branch and of every tag, newest first.

        Children come before their parents. Raises `HistoryUnreadable`, also late, so that what is
        stored of it belongs in one transaction.
        """
        self._oddities.clear()
        self._trunk_names.clear()
        self._committed_at.clear()
        self._is_touched = not self.folder
        containment = Containment(self.head, self.tags)
        tagged = frozenset(tag.sha for tag in self.tags)
        for position, raw in enumerate(read_log(self._git, self._ends(), self.folder)):
            commit = self._placed(raw, position, containment)
            self._is_touched |= commit.touches
            if commit.sha in tagged:
                self._committed_at[commit.sha] = commit.committed_at
            if commit.is_on_head:
                self._trunk_names |= {commit.stable_release, commit.release}
            yield commit

    def chunks(self, size: int = 2_000) -> Iterator[tuple[LoggedCommit, ...]]:
        """The same in tuples of at most `size`, to be inserted together."""
        commits = self.commits()
        while chunk := tuple(islice(commits, size)):
            yield chunk

    def released_at(self, tag: Tag) -> datetime:
        """When the tag was made, or else its commit; known once the commits were streamed."""
        return tag.tagged_at or self._committed_at.get(tag.sha, EPOCH)

    @property
    def told_tags(self) -> tuple[Tag, ...]:
        """The tags whose commits were streamed; all, unless the history is limited."""
        return tuple(tag for tag in self.tags if tag.sha in self._committed_at)

    @property
    def trunk_tags(self) -> tuple[Tag, ...]:
        """The tags that released something of the default branch; known once it was streamed.

        The next version of the default branch builds on these, and not on those of branches that
        went their own way.
        """
        return tuple(tag for tag in self.tags if tag.name in self._trunk_names)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know, in sentences; complete once the commits were streamed."""
        odd = [text.format(n=n) for text, n in self._oddities.items()]
        if not self._is_touched:
            odd.append(f"No commit changes anything in {printable(self.folder)}.")
        return (*self._found, *odd)

    def _ends(self) -> list[str]:
        """Where git is to start, and where to stop."""
        ends = [self.head] if self.head else []
        if not self.is_limited:
            ends += (tag.sha for tag in self.tags)
        return [*ends, f"^{self._after}"] if self._after else ends

    def _placed(self, raw: RawCommit, position: int, containment: Containment) -> LoggedCommit:
        committed_at = raw.committed_at or raw.authored_at or EPOCH
        self._note(raw)
        place = containment.place(raw.sha, raw.parents, committed_at)
        return LoggedCommit(
            sha=raw.sha,
            parents=raw.parents,
            author_name=raw.author_name,
            author_email=raw.author_email,
            authored_at=raw.authored_at or committed_at,
            committed_at=committed_at,
            message=raw.message,
            position=position,
            is_trunk=place.is_trunk,
            is_on_head=place.is_on_head,
            release=place.release,
            stable_release=place.stable_release,
            touches=raw.touches,
        )

    def _note(self, raw: RawCommit) -> None:
        if raw.is_cut:
            self._oddities[f"Messages kept up to {MESSAGE_LIMIT // 1024} KiB only: {{n}}."] += 1
        if raw.committed_at is None:
            self._oddities["Commits without a readable time: {n}."] += 1


def read_history(
    path: str | os.PathLike[str],
    *,
    branch: str | None = None,
    tag_prefix: str | None = None,
    folder: str = "",
    is_as_checked_out: bool = False,
    idle_timeout_s: float = IDLE_TIMEOUT_S,
) -> History:
    """Open the repository whose top, bare or not, is at `path`.

    `branch` is the default branch (else the one that is checked out), `tag_prefix` what its tags
    have before the version (None: what those of the folder have), `folder` what alone counts of it,
    as `folders.tidy` gives it. `is_as_checked_out` lets a commit that is checked out without a
    branch stand for itself, as of its time, where else a branch with a usual name would be taken.
    Git may be silent for `idle_timeout_s`. Raises `HistoryUnreadable`.
    """
    git = Git(path, idle_timeout_s)
    refs = read_refs(git)
    if is_as_checked_out and branch is None:
        refs = as_checked_out(git, refs)
    return History(git, refs, branch, tag_prefix, folder)


def _default(git: Git, refs: Refs, branch: str | None) -> tuple[str | None, str | None]:
    """The default branch and the commit at its end."""
    if branch is not None:
        if branch not in refs.branches:
            raise HistoryUnreadable(f"{git.shown} has no branch {printable(branch)}.")
        return branch, refs.branches[branch].commit
    usual = [refs.checked_out, *_USUAL_BRANCHES]
    if len(refs.branches) == 1:
        usual += refs.branches
    for name in usual:
        if name in refs.branches:
            return name, refs.branches[name].commit
    return None, detached(git)


def _about_head(history: History, git: Git, later: int) -> Iterator[str]:
    if history.head is None:
        yield "There are no commits yet."
    elif history.default_branch is None:
        yield "No branch is checked out; the commit that is stands in for the default branch."
    if later:
        yield f"Tags on later commits do not count: {later:,}."
    if git.text("rev-parse", "--is-shallow-repository").strip() == "true":
        yield (
            "The clone is shallow: what is older than it reaches is missing from the first "
            "releases; `git fetch --unshallow` completes it."
        )
