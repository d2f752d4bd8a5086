"""The commits of a repository, out of one `git log` that is read while it runs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from releases.history.fields import Cut, nul_separated
from releases.history.git import Git
from releases.history.times import moment
from releases.history.unreadable import HistoryUnreadable

MESSAGE_LIMIT = 64 * 1024
# Children before parents, and among those by date: what a reader expects, and what lets releases
# be told in the same pass (see containment.py).
_FORMAT = "%x00".join(("%H", "%P", "%an", "%ae", "%at", "%ct", "%B"))
_FIELDS = _FORMAT.count("%x00") + 1
_LOG = (
    "log",
    "-z",
    f"--format=tformat:{_FORMAT}",
    "--date-order",
    "--encoding=UTF-8",
    "--no-patch",
    "--no-color",
    "--no-decorate",
    "--no-notes",
    "--no-show-signature",
    "--stdin",
)
_SHA_LENGTHS = (40, 64)
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class RawCommit:
    """A commit as git tells it. Text is free of NUL and of lone surrogates.

    Of a message that is cut, `message` holds `MESSAGE_LIMIT` bytes and a line that says so. Times
    are None where the commit has none.
    """

    sha: str
    parents: tuple[str, ...]
    author_name: str
    author_email: str
    authored_at: datetime | None
    committed_at: datetime | None
    message: str
    is_cut: bool


def read_log(git: Git, tips: Iterable[str]) -> Iterator[RawCommit]:
    """Yield every commit that the commits `tips` reach, once, children before parents.

    Raises `HistoryUnreadable`, also in the middle: a history may turn out to be broken late.
    """
    wanted = "".join(f"{tip}\n" for tip in dict.fromkeys(tips)).encode()
    if not wanted:
        return
    fields = nul_separated(git.stream(*_LOG, stdin=wanted), MESSAGE_LIMIT)
    while record := tuple(islice(fields, _FIELDS)):
        if len(record) < _FIELDS:
            raise HistoryUnreadable(f"git stopped in the middle of a commit of {git.shown}.")
        yield _commit(record)


def _commit(record: tuple[bytes, ...]) -> RawCommit:
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
    )


def _text(data: bytes) -> str:
    # Bytes that are no UTF-8, encoded surrogates among them, become U+FFFD.
    return data.decode("utf-8", "replace")


def _cut_message(message: Cut) -> str:
    whole = message.decode("utf-8", "ignore").rstrip()
    return f"{whole}\n\n[Cut here: the message has {message.length:,} bytes.]"
