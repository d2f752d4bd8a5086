"""Which issues a commit message closes, in the words that forges act on.

GitHub: "Linking a pull request to an issue using a keyword"; GitLab knows the same ones.
"""

import re

WORDS = ("close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved")
_REFERENCE = r"(?:[\w.-]{1,100}/[\w.-]{1,100})?#[0-9]{1,9}\b"
_CLOSING = re.compile(
    rf"\b(?:{'|'.join(WORDS)})\b:?\s{{0,3}}({_REFERENCE}(?:\s?(?:,|&|and)\s?{_REFERENCE})*)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"#([0-9]+)")


def closed_by(message: str) -> frozenset[int]:
    """The numbers of the issues that it closes: `Closes #12, #13`, `Fixes: demo/api#7`."""
    return frozenset(
        int(number) for found in _CLOSING.finditer(message) for number in _NUMBER.findall(found[1])
    )
