"""Why a history cannot be read, in a sentence for whoever named the path."""

import re

_LONGEST_PATH = 200
_LONGEST_REASON = 300
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]+")
_MISSING_REF = re.compile(r"missing object [0-9a-f]+ for refs/\w+/(.+)")
# The first line of git's answer that matches; the words of git 2.39 to 2.50 in the C locale.
_KNOWN = (
    (re.compile(r"fatal: bad (?:revision|object) '?([^'\n]+)"), "“{0}” names no commit of {path}."),
    (re.compile(r"not a git repository"), "{path} is not the top of a git repository."),
    (
        re.compile(r"transport '.*' not allowed|promisor|Could not read \w+|traverse parents"),
        "{path} lacks commits of its own history: it is damaged, or a partial clone.",
    ),
    (
        re.compile(r"unknown (?:repository )?extension|[Ee]xpected git repo version"),
        "{path} uses a repository format that the git on this machine does not know.",
    ),
    (re.compile(r"[Pp]ermission denied"), "{path} may not be read by this user."),
)


class HistoryUnreadable(Exception):
    """This history cannot be read; `sentence` says why, to whoever named the path."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


def explained(said: str, path: str) -> str:
    """A sentence out of what git printed on its error stream about `path` (as `printable`)."""
    for pattern, sentence in _KNOWN:
        if found := pattern.search(said):
            return sentence.format(*map(printable, found.groups()), path=path)
    if missing := _MISSING_REF.search(said):
        name = printable(missing[1])
        return f"{name} in {path} names an object that is not there; fetch it or delete the ref."
    return f"git cannot read {path}: {_complaint(said)}."


def printable(text: str | bytes, longest: int = _LONGEST_PATH) -> str:
    """Text that fits into a sentence: no control characters, no broken ones, not endless."""
    decoded = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    line = _CONTROL.sub(" ", decoded.encode("utf-8", "replace").decode("utf-8")).strip()
    return line if len(line) <= longest else f"{line[:longest]}…"


def _complaint(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:"))]
    line = next(iter(fatal or lines), "it gave no reason")
    return printable(line.partition(": ")[2] or line, _LONGEST_REASON).rstrip(".")
