"""The commits of a repository, out of one `git log` that is read while it runs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from releases.history.fields import Cut, nul_separated
from releases.history.git import Git
from releases.history.times import moment
from releases.history.unreadable import HistoryUnreadable

MESSAGE_LIMIT = 64 * 1024
_FIELDS = ("%H", "%P", "%an", "%ae", "%at", "%ct", "%B")
_LOG = (
    "log",
    "-z",
    "--encoding=UTF-8",
    "--no-color",
    "--no-decorate",
    "--no-notes",
    "--no-show-signature",
    "--stdin",
)
# Every commit all the same, and after it the files that it changed in the folder, if any: those of
# both names of a rename, and of a merge what it differs in from its first parent.
_NAMES = (
    "--name-only",
    "--no-renames",
    "--no-ext-diff",
    "--no-relative",
    "-O/dev/null",
    "--diff-merges=first-parent",
    "--full-history",
    "--sparse",
    "--root",
    "--",
)
_SHA_LENGTHS = (40, 64)
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class RawCommit:
    """A commit as git tells it. Text is free of NUL and of lone surrogates.

    Of a message that is cut, `message` holds `MESSAGE_LIMIT` bytes and a line that says so. Times
    are None where the commit has none. `touches` says that it changed something in the folder that
    was asked about.
    """

    sha: str
    parents: tuple[str, ...]
    author_name: str
    author_email: str
    authored_at: datetime | None
    committed_at: datetime | None
    message: str
    is_cut: bool
    touches: bool = True


def read_log(git: Git, tips: Iterable[str], folder: str = "") -> Iterator[RawCommit]:
    """Yield every commit that the commits `tips` reach, once, children before parents.

    With a folder, each says whether it touches that. Raises `HistoryUnreadable`, also in the
    middle: a history may turn out to be broken late.
    """
    # Children before parents, and among those by date: what a reader expects, and what lets
    # releases be told in the same pass (see containment.py).
    for record, touches in records(git, _FIELDS, tips, "--date-order", folder=folder):
        yield _commit(record, touches)


def records(
    git: Git,
    wanted: Sequence[str],
    revisions: Iterable[str],
    *options: str,
    folder: str = "",
    limit: int = MESSAGE_LIMIT,
) -> Iterator[tuple[tuple[bytes, ...], bool]]:
    """Yield what `git log` tells of each commit, in the fields that are wanted, a `Cut` for one
    that is longer than `limit` bytes; and whether the commit touches the folder.

    Raises `HistoryUnreadable`.
    """
    asked = "".join(f"{each}\n" for each in dict.fromkeys(revisions)).encode()
    if not asked:
        return
    # A record starts with an empty field, which no name of a file can be.
    form = "--format=tformat:" + "".join(f"%x00{field}" for field in wanted)
    names = (*_NAMES, folder) if folder else ("--no-patch",)
    fields = nul_separated(git.stream(*_LOG, form, *options, *names, stdin=asked), limit)
    start = next(fields, None)
    while start is not None:
        record = tuple(islice(fields, len(wanted)))
        if start or len(record) < len(wanted):
            raise HistoryUnreadable(f"git stopped in the middle of a commit of {git.shown}.")
        start = next(fields, None)
        touches = not folder or bool(start)
        while start:
            start = next(fields, None)
        yield record, touches


def _commit(record: tuple[bytes, ...], touches: bool) -> RawCommit:
    sha, parents, name, email, authored, committed, message = record
    if len(sha) not in _SHA_LENGTHS or isinstance(parents, Cut):
        raise HistoryUnreadable("The history holds a commit of a form that no git client makes.")
    return RawCommit(
        sha=_text(sha),
        parents=tuple(_text(parents).split()),
        author_name=_text(name)[:_LONGEST_NAME],
        author_email=_text(email)[:_LONGEST_NAME],
        authored_at=moment(_text(authored)),
        committed_at=moment(_text(committed)),
        message=_cut_message(message) if isinstance(message, Cut) else _text(message).strip(),
        is_cut=isinstance(message, Cut),
        touches=touches,
    )


def _text(data: bytes) -> str:
    # Bytes that are no UTF-8, encoded surrogates among them, become U+FFFD.
    return data.decode("utf-8", "replace")


def _cut_message(message: Cut) -> str:
    whole = message.decode("utf-8", "ignore").rstrip()
    return f"{whole}\n\n[Cut here: the message has {message.length:,} bytes.]"
