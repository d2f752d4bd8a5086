"""Two texts beside each other."""

from hypothesis import given, settings
from hypothesis import strategies as some

from releases.drafting.differences import MOST_LINES, beside

_TEXT = some.lists(some.sampled_from("abcd"), max_size=12).map("\n".join)


def test_what_was_left_out_added_and_changed() -> None:
    rows = beside("1\n2\n3\n4\n5\n6", "1\n2\n3\n4\nfive\n6\n7")
    assert rows is not None
    told = [(row.kind, row.left, row.right, row.left_out) for row in rows]
    assert told == [
        ("gap", "", "", 2),
        ("same", "3", "3", 0),
        ("same", "4", "4", 0),
        ("changed", "5", "five", 0),
        ("same", "6", "6", 0),
        ("added", "", "7", 0),
    ]


def test_equal_texts_have_no_rows() -> None:
    assert beside("a\nb", "a\nb") == []


def test_texts_that_are_too_long_are_not_compared() -> None:
    assert beside("x\n" * MOST_LINES, "y") is None


@settings(deadline=None)
@given(_TEXT, _TEXT)
def test_every_line_that_differs_is_there(left: str, right: str) -> None:
    rows = beside(left, right)
    assert rows is not None
    skipped = sum(row.left_out for row in rows)
    assert sum(row.kind in ("same", "changed", "removed") for row in rows) + skipped <= len(
        left.splitlines()
    )
    added = [row.right for row in rows if row.kind in ("changed", "added")]
    assert all(line in right.splitlines() for line in added)
