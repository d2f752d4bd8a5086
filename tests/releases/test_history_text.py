"""Commit texts that nobody would write by hand."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.conventional.reading import read
from releases.history import LoggedCommit, read_history
from releases.history.fields import Cut, nul_separated
from tests.releases.repositories import Drawing, git


def only(path: Path) -> LoggedCommit:
    (commit,) = read_history(path).commits()
    return commit


def raw_commit(path: Path, who: bytes, message: bytes) -> None:
    """Write a commit that git's own commands would refuse."""
    git(path, "init", "--quiet", "--bare", "--initial-branch=main")
    tree = git(path, "hash-object", "-t", "tree", "-w", "--stdin")
    data = b"tree %b\nauthor %b\ncommitter %b\n\n%b" % (tree.encode(), who, who, message)
    sha = git(path, "hash-object", "--literally", "-t", "commit", "-w", "--stdin", stdin=data)
    git(path, "update-ref", "refs/heads/main", sha)


@pytest.mark.parametrize(
    "message",
    [
        "feat: 🎉👩‍👩‍👧 emoji",
        "feat: עברית وعربي \u202etxt.exe",
        "feat: <script>alert(1)</script>",
        "feat: 日本語",
    ],
)
def test_any_script_is_kept_as_it_is(tmp_path: Path, message: str) -> None:
    drawing = Drawing(tmp_path)
    drawing.commit(message)
    assert only(drawing.make()).message == message


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        (b"fix: caf\xe9", "fix: caf\ufffd"),
        ("fix: \ud800".encode("utf-8", "surrogatepass"), "fix: \ufffd\ufffd\ufffd"),
        (b"fix: a\r\n\r\nb", "fix: a\r\n\r\nb"),
        (b"\n\n  fix: a\n\n", "fix: a"),
        (b"", ""),
    ],
)
def test_bytes_that_are_no_text_are_replaced(tmp_path: Path, message: bytes, kept: str) -> None:
    drawing = Drawing(tmp_path)
    drawing.commit(message)
    assert only(drawing.make()).message == kept


def test_text_in_an_older_encoding_is_converted(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    message = "fix: café".encode("latin-1")
    encoding = ("-c", "i18n.commitEncoding=ISO-8859-1")
    git(tmp_path, *encoding, "commit", "--quiet", "--allow-empty", "--file=-", stdin=message)
    assert only(tmp_path).message == "fix: café"


def test_a_nul_ends_the_text_and_harms_nothing_else(tmp_path: Path) -> None:
    raw_commit(tmp_path, b"Ada <ada@example.com> 1700000000 +0000", b"fix: a\0b\n")
    commit = only(tmp_path)
    assert commit.message == "fix: a"
    assert commit.author_name == "Ada"


def test_a_megabyte_is_cut_and_says_so(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path)
    drawing.commit("feat: é\n\n" + "é" * 1_000_000)
    drawing.commit("fix: b")
    history = read_history(drawing.make())
    small, big = history.commits()
    assert small.message == "fix: b"
    assert len(big.message.encode()) < 66_000
    assert big.message.endswith("é\n\n[Cut here: the message has 2,000,010 bytes.]")
    assert "\ufffd" not in big.message
    assert read(big.message).type == "feat"
    assert history.warnings == ("Messages kept up to 64 KiB only: 1.",)


@pytest.mark.parametrize("when", [b"99999999999999 +0000", b"-5 +0000", b"junk", b""])
def test_a_time_that_is_none_becomes_one_that_can_be_stored(tmp_path: Path, when: bytes) -> None:
    raw_commit(tmp_path, b"Ada <ada@example.com> " + when, b"fix: a\n")
    history = read_history(tmp_path)
    (commit,) = history.commits()
    assert 1 <= commit.committed_at.year <= 9999
    assert commit.message == "fix: a"


def test_an_author_without_a_name_is_no_reason_to_stop(tmp_path: Path) -> None:
    raw_commit(tmp_path, b"junk", b"fix: a\n")
    assert only(tmp_path).author_name == ""


@given(st.lists(st.binary(max_size=6)), st.integers(1, 4), st.integers(1, 9))
def test_fields_do_not_depend_on_how_the_stream_is_cut(
    values: list[bytes], limit: int, size: int
) -> None:
    wanted = [value.replace(b"\0", b"-") for value in values]
    stream = b"".join(value + b"\0" for value in wanted)
    pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
    found = list(nul_separated(pieces, limit))
    assert found == [value[:limit] for value in wanted]
    lengths = [field.length if isinstance(field, Cut) else len(field) for field in found]
    assert lengths == [len(value) for value in wanted]
