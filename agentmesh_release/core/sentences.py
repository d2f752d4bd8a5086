"""Parts of sentences that several pages say."""

from collections.abc import Sequence


def listed(names: Sequence[str], word: str = "and") -> str:
    """`Ada`, `Ada and Ben`, `Ada, Ben and Cleo`; empty without any."""
    *others, last = names or ("",)
    return f"{', '.join(others)} {word} {last}" if others else last
