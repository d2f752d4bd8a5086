"""The audit log: append-only, sealed, and verified."""

import threading
import time
from pathlib import Path

import pytest
from django.db import InternalError, connection, connections, transaction
from django.db.utils import IntegrityError

from agentmesh_release.core import audit
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import AuditEvent
from agentmesh_release.core.seals import Anchor, Verification, seal_new_events, verify

KEY = b"a key outside the database"
ADA = Actor("person", "Ada", 1)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def anchor_file(tmp_path: Path) -> Path:
    return tmp_path / "audit.anchor"


@pytest.fixture
def log(anchor_file: Path) -> list[AuditEvent]:
    events = [
        audit.record("thing.change", actor=ADA, label=f"change {n}", data={"n": n, "x": 1.0})
        for n in range(5)
    ]
    seal_all(anchor_file)
    return events


def seal_all(anchor_file: Path) -> None:
    """Transactions in the cluster's other databases hold the horizon back too."""
    deadline = time.monotonic() + 30
    while AuditEvent.objects.filter(position=None).exists():
        assert time.monotonic() < deadline
        seal_new_events(KEY, anchor_file)


def tamper(sql: str) -> None:
    """What somebody with the database owner's rights could do."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_auditevent DISABLE TRIGGER USER")
        cursor.execute(sql)
        cursor.execute("ALTER TABLE core_auditevent ENABLE TRIGGER USER")


def found(verification: Verification) -> list[int]:
    return [finding.position for finding in verification.findings]


def test_an_untouched_log_is_as_it_was_written(log: list[AuditEvent], anchor_file: Path) -> None:
    [anchor] = Anchor.read(anchor_file)
    verification = verify(KEY, anchor)
    assert (verification.sealed, verification.unsealed, verification.findings) == (5, 0, ())
    assert verification.newest == anchor


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE core_auditevent SET reason = 'nicer' WHERE position = 3",
        "UPDATE core_auditevent SET at = at - interval '1 hour' WHERE position = 3",
        """UPDATE core_auditevent SET data = '{"n": 99}' WHERE position = 3""",
        "UPDATE core_auditevent SET actor = 'Ben' WHERE position = 3",
    ],
)
def test_it_finds_an_edited_row(log: list[AuditEvent], sql: str) -> None:
    tamper(sql)
    assert 3 in found(verify(KEY))


def test_it_finds_a_deleted_row(log: list[AuditEvent]) -> None:
    tamper("DELETE FROM core_auditevent WHERE position = 3")
    assert 3 in found(verify(KEY))


def test_it_finds_swapped_rows(log: list[AuditEvent]) -> None:
    tamper(
        "UPDATE core_auditevent SET position = -1 WHERE position = 2;"
        "UPDATE core_auditevent SET position = 2 WHERE position = 4;"
        "UPDATE core_auditevent SET position = 4 WHERE position = -1"
    )
    assert {2, 4} <= set(found(verify(KEY)))


def test_it_finds_a_cut_off_end_by_its_anchor(log: list[AuditEvent], anchor_file: Path) -> None:
    [anchor] = Anchor.read(anchor_file)
    tamper("DELETE FROM core_auditevent WHERE position >= 4")
    assert found(verify(KEY)) == []
    assert found(verify(KEY, anchor)) == [4]


def test_it_finds_a_cut_off_end_that_was_written_over(
    log: list[AuditEvent], anchor_file: Path
) -> None:
    tamper("DELETE FROM core_auditevent WHERE position >= 4")
    for _ in range(3):
        audit.record("thing.change", actor=ADA, label="went on as if nothing had been")
        seal_all(anchor_file)
    assert found(verify(KEY, *Anchor.read(anchor_file))) == [5]


def test_an_anchor_that_cannot_be_read_does_not_stop_the_sealer(
    log: list[AuditEvent], anchor_file: Path
) -> None:
    anchor_file.write_text("half a li")
    audit.record("thing.change", actor=ADA)
    seal_all(anchor_file)
    assert [anchor.position for anchor in Anchor.read(anchor_file)] == [6]


def test_it_finds_a_log_that_was_sealed_anew_with_another_key(log: list[AuditEvent]) -> None:
    assert found(verify(b"another key")) == [1, 2, 3, 4, 5]


def test_it_finds_that_the_guard_is_off(log: list[AuditEvent]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_auditevent DISABLE TRIGGER USER")
    try:
        assert "append-only" in verify(KEY).findings[0].sentence
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE core_auditevent ENABLE TRIGGER USER")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE core_auditevent SET reason = 'nicer'",
        "DELETE FROM core_auditevent",
        "TRUNCATE core_auditevent",
        "UPDATE core_auditevent SET position = 77, seal = 'x', reason = 'nicer'",
    ],
)
def test_the_database_refuses_to_change_the_log(sql: str) -> None:
    audit.record("thing.change", actor=ADA)
    with pytest.raises((IntegrityError, InternalError), match="append-only"), transaction.atomic():
        connection.cursor().execute(sql)


def test_a_row_of_a_transaction_that_commits_late_is_sealed_too(anchor_file: Path) -> None:
    written, committed = threading.Event(), threading.Event()

    def commit_late() -> None:
        with transaction.atomic():
            audit.record("thing.change", actor=ADA, label="late")
            written.set()
            committed.wait(10)
        connections.close_all()

    late = threading.Thread(target=commit_late)
    late.start()
    written.wait(10)
    audit.record("thing.change", actor=ADA, label="early")
    assert seal_new_events(KEY, anchor_file) == 0, "nothing may be sealed ahead of the late one"
    committed.set()
    late.join()
    seal_all(anchor_file)
    assert verify(KEY).findings == ()


def test_text_that_postgresql_refuses_is_kept_as_well_as_can_be() -> None:
    event = audit.record(
        "thing.change", actor=ADA, reason="a\x00b\ud800c", data={"k\x00": ["\udfff"]}
    )
    event.refresh_from_db()
    assert event.reason == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"
    assert event.data == {"k\N{REPLACEMENT CHARACTER}": ["\N{REPLACEMENT CHARACTER}"]}
