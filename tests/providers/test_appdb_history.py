"""What Prisma's rows mean, told from its engine's own rules (FACTS, Prisma Migrate)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmesh_release.providers.appdb import (
    Migration,
    MigrationState,
    PrismaHistory,
    PrismaRow,
    RepositoryMigration,
)
from agentmesh_release.providers.appdb.history import classify, compare_versions

NOW = datetime(2026, 1, 2, tzinfo=UTC)
SQL = b"ALTER TABLE a ADD b int;\nSELECT 1;\n"
SUM = hashlib.sha256(SQL).hexdigest()


def row(
    name: str = "1_init",
    *,
    finished: bool = False,
    rolled_back: bool = False,
    after_s: int = 0,
    checksum: str = SUM,
) -> PrismaRow:
    at = NOW + timedelta(seconds=after_s)
    return PrismaRow(
        name, checksum, at, at if finished else None, at if rolled_back else None, 0, None
    )


def only(
    *rows: PrismaRow, files: list[RepositoryMigration] | None = None, held: bool = False
) -> Migration:
    (migration,) = classify(rows, files, lock_held=held)
    return migration


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        ([row(finished=True)], "applied"),
        ([row()], "failed"),
        ([row(rolled_back=True)], "rolled_back"),
        ([row(finished=True, rolled_back=True)], "rolled_back"),
        ([row(rolled_back=True), row(after_s=9)], "failed"),
        ([row(rolled_back=True), row(finished=True, after_s=9)], "applied"),
        ([row(finished=True), row(after_s=9)], "failed"),
        ([row(finished=True), row(rolled_back=True, after_s=9)], "applied"),
        ([row(rolled_back=True), row(rolled_back=True, after_s=9)], "rolled_back"),
    ],
)
def test_a_state_follows_from_all_rows_of_the_name(rows: list[PrismaRow], state: str) -> None:
    assert only(*rows).state == state


def test_unfinished_under_the_lock_is_running() -> None:
    assert only(row(), held=True).state is MigrationState.RUNNING


def test_only_the_newest_unfinished_row_runs() -> None:
    found = classify([row("1_init"), row("2_next", after_s=5)], None, lock_held=True)
    assert [one.state for one in found] == ["failed", "running"]


def test_a_failed_attempt_before_the_running_one_still_blocks() -> None:
    assert only(row(), row(after_s=9), held=True).state is MigrationState.FAILED


def test_what_is_in_the_folder_only_is_pending() -> None:
    (one,) = classify([], [RepositoryMigration("1_init", SQL)], lock_held=False)
    assert (one.state, one.in_repository, one.row) == ("pending", True, None)


def test_without_a_folder_nothing_is_said_about_it() -> None:
    assert only(row(finished=True)).in_repository is None


def test_what_the_folder_lacks_is_unknown_to_it() -> None:
    assert only(row(finished=True), files=[]).in_repository is False


@pytest.mark.parametrize("text", [SQL, SQL.replace(b"\n", b"\r\n"), SQL.replace(b"\n", b"\r\n", 1)])
def test_line_ends_do_not_make_an_edit(text: bytes) -> None:
    files = [RepositoryMigration("1_init", text)]
    assert only(row(finished=True), files=files).edited is False


def test_an_edited_file_is_found() -> None:
    files = [RepositoryMigration("1_init", SQL + b"-- one more word\n")]
    assert only(row(finished=True), files=files).edited is True


def test_a_rolled_back_file_may_be_edited() -> None:
    files = [RepositoryMigration("1_init", b"-- mended")]
    assert only(row(rolled_back=True), files=files).edited is False


def test_very_old_checksums_without_their_zeros_match() -> None:
    text = next(
        t for t in (b"%d" % n for n in range(99)) if b"\x00" < hashlib.sha256(t).digest() < b"\x10"
    )
    old = "".join(f"{byte:x}" for byte in hashlib.sha256(text).digest())
    assert len(old) < 64
    assert RepositoryMigration("1", text).matches(old)
    assert not RepositoryMigration("1", text + b" ").matches(old)


def test_pending_is_what_a_deploy_would_run() -> None:
    rows = [row("1", finished=True), row("2", rolled_back=True), row("9", rolled_back=True)]
    files = [RepositoryMigration(name, SQL) for name in ("1", "2", "3")]
    history = PrismaHistory(True, classify(rows, files, lock_held=False), False, NOW)
    assert [one.name for one in history.pending] == ["2", "3"]
    assert [one.name for one in history.unknown_to_repository] == ["9"]


rows_strategy = st.lists(
    st.builds(
        row,
        st.sampled_from(["1", "2", "3"]),
        finished=st.booleans(),
        rolled_back=st.booleans(),
        after_s=st.integers(0, 9),
    )
)


@given(rows_strategy, st.booleans())
def test_every_name_gets_one_state_and_no_unfinished_row_passes(
    rows: list[PrismaRow], held: bool
) -> None:
    found = {one.name: one.state for one in classify(rows, None, lock_held=held)}
    assert set(found) == {one.name for one in rows}
    blocking = {MigrationState.FAILED, MigrationState.RUNNING}
    for one in rows:
        if one.finished_at is None and one.rolled_back_at is None:
            assert found[one.name] in blocking
    assert sum(state is MigrationState.RUNNING for state in found.values()) <= (1 if held else 0)


@given(rows_strategy, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter_to_names(rows: list[PrismaRow], random: object) -> None:
    shuffled = sorted(rows, key=lambda _: random.random())  # type: ignore[attr-defined]
    states = [
        {one.name: one.state for one in classify(some, None, lock_held=False)}
        for some in (rows, shuffled)
    ]
    assert states[0] == states[1]


def test_supabase_versions_are_set_against_the_folder() -> None:
    history = compare_versions(False, [], ["2", "1"], NOW)
    assert (history.pending, history.unknown_to_repository) == (("1", "2"), ())
    assert compare_versions(True, [], None, NOW).pending == ()
