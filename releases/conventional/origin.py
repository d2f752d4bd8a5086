"""Where a commit came from: the pull request that its message names.

Covers what the forges write by themselves: GitHub (`Merge pull request #1 from …`, `subject (#1)`),
GitLab (`See merge request group/project!1`), Bitbucket (`Merged in … (pull request #1)`) and
Azure (`Merged PR 1: subject`).
"""

import re
from dataclasses import dataclass

_NUMBER = r"([0-9]{1,9})(?![0-9])"
_SQUASHED = re.compile(rf"\((?:#|!){_NUMBER}\)$")
_GITHUB = re.compile(rf"Merge pull request #{_NUMBER}")
_BITBUCKET = re.compile(rf"Merged in .*\(pull request #{_NUMBER}\)", re.DOTALL)
_AZURE = re.compile(rf"Merged PR {_NUMBER}: ")
_GITLAB = re.compile(rf"^See merge request \S*!{_NUMBER}", re.MULTILINE)
_MERGE = re.compile(r"Merge (?:branch|branches|remote-tracking branch|commit|commits|tag|tags)\b")
# `subject (#1) (#2)` happens to cherry-picks; more than this is not a chain but a text.
_MOST_NUMBERS = 8


@dataclass(frozen=True, slots=True)
class Merged:
    """The subject without what the forge put in front, and what that said."""

    subject: str
    is_merge: bool = False
    pull_request: int | None = None


def merged(subject: str, rest: str) -> Merged:
    """Recognise the subject lines that forges and git itself give to merges."""
    told = _GITLAB.search(rest) if "See merge request" in rest else None
    number = int(told[1]) if told else None
    if not subject.startswith("Merge"):
        return Merged(subject, pull_request=number)
    if squashed := _AZURE.match(subject):
        return Merged(subject[squashed.end() :], pull_request=int(squashed[1]))
    if named := _GITHUB.match(subject) or _BITBUCKET.match(subject):
        return Merged(subject, is_merge=True, pull_request=int(named[1]))
    return Merged(subject, _MERGE.match(subject) is not None, number)


def without_numbers(subject: str) -> tuple[str, int | None]:
    """The subject without `(#n)` at its end, and the last such number, the pull request."""
    subject, number = subject.strip(), None
    for _ in range(_MOST_NUMBERS):
        tail = subject[-24:]
        found = _SQUASHED.search(tail) if tail.endswith(")") else None
        if found is None:
            break
        subject = subject[: len(subject) - len(tail) + found.start()].rstrip()
        number = number or int(found[1])
    return subject, number
