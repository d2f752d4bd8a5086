"""Names that people type for commits, and the messages of a range of them."""

from collections.abc import Iterable, Iterator

from releases.history.git import Git
from releases.history.gitlog import records
from releases.history.unreadable import HistoryUnreadable, printable

LONGEST_MESSAGE = 1 << 20


def commit_named(git: Git, name: str) -> str:
    """The id of the commit that `name` (a tag, a branch, an id, `HEAD~3`) leads to.

    Raises `HistoryUnreadable` if there is none.
    """
    refusal = f"{git.shown} has no commit {printable(name)}."
    try:
        sha = git.text("rev-parse", "--verify", "--quiet", f"{_plain(name)}^{{commit}}").strip()
    except HistoryUnreadable:
        raise HistoryUnreadable(refusal) from None
    if not sha:
        raise HistoryUnreadable(refusal)
    return sha


def messages(
    git: Git, revisions: Iterable[str], *, is_without_merges: bool = False, folder: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield id and message of each commit in a range such as `main..topic`, newest first; with a
    folder, only of those that touch it.

    Messages are as they were written, to their first mebibyte. Raises `HistoryUnreadable`.
    """
    merges = ["--no-merges"] if is_without_merges else []
    wanted = map(_plain, revisions)
    found = records(git, ("%H", "%B"), wanted, *merges, folder=folder, limit=LONGEST_MESSAGE)
    for (sha, message), touches in found:
        if touches:
            yield sha.decode(), message.decode("utf-8", "replace")


def _plain(name: str) -> str:
    """Refuse what git would take for an option, or for several names."""
    if not name or name.startswith("-") or any(sign in name for sign in "\n\r\0"):
        raise HistoryUnreadable(f"“{printable(name)}” names no commit.")
    return name
