"""What the row of a commit holds, out of its message."""

from dataclasses import dataclass
from datetime import datetime

from .conventional.changelog import shortened
from .conventional.reading import Reading, read

LONGEST_SUBJECT = 300
_LONGEST_NAME = 250
_LONGEST_TYPE = 40


@dataclass(frozen=True, slots=True)
class Landed:
    """A commit as the product keeps it; the fields are those of `models.Commit`."""

    sha: str
    author_name: str
    committed_at: datetime
    message: str
    subject: str
    type: str
    scope: str
    is_breaking: bool
    is_merge: bool
    pull_request: int | None


def landed(
    sha: str, message: str, *, author_name: str, committed_at: datetime, is_merge: bool
) -> Landed:
    """Read a commit into a row: any text that PostgreSQL takes will do.

    The pull request comes from the message: `(#n)` of a squash, or what a forge writes on a merge.
    """
    reading = read(message, is_merge=is_merge)
    return Landed(
        sha=sha,
        author_name=author_name[:_LONGEST_NAME],
        committed_at=committed_at,
        message=message,
        subject=_subject(reading, message),
        type=(reading.type or "")[:_LONGEST_TYPE],
        scope=(reading.scope or "")[:_LONGEST_NAME],
        is_breaking=reading.is_breaking,
        is_merge=is_merge,
        pull_request=reading.pull_request,
    )


def _subject(reading: Reading, message: str) -> str:
    return shortened(reading.subject or message, LONGEST_SUBJECT)
