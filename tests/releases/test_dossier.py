"""What is fetched and kept for a release: reviews, checks, the log of its build."""

from datetime import datetime, timedelta

import pytest

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import AuditEvent
from agentmesh_release.providers.vercel import BuildEvent
from releases.evidence import builds, dossiers
from releases.models import BuildLog, CheckSummary, Dossier, Release, ReleasePull
from tests.releases.imports import NOW

from .sandboxed import Demo

ADA = Actor("person", "Ada", 1)


@pytest.fixture
def release(demo: Demo) -> Release:
    """v1.1.0, whose commit names pull request 2."""
    return Release.objects.get(project=demo.project, version="1.1.0")


def asked(release: Release, now: datetime = NOW) -> Dossier:
    Dossier.ask(release, by=ADA, now=now)
    return release.dossier


def test_it_keeps_who_wrote_and_who_approved(demo: Demo, release: Release) -> None:
    asked(release)
    dossiers.read(demo.project, NOW + timedelta(seconds=1))
    pull = ReleasePull.objects.get(release=release)
    assert pull.number == 2
    assert pull.author
    assert pull.approved_by
    assert pull.merged_at
    assert pull.approved_by != [pull.author]


def test_it_keeps_what_ci_said_and_what_vercel_wrote(demo: Demo, release: Release) -> None:
    builds.read(demo.project, NOW)
    asked(release)
    assert not dossiers.read(demo.project, NOW)
    release.dossier.refresh_from_db()
    assert release.dossier.is_complete
    assert CheckSummary.objects.get(sha=release.commit_sha).outcome == "passed"
    assert "npm run build" in BuildLog.objects.get().text


def test_what_is_kept_survives_github_being_down(demo: Demo, release: Release) -> None:
    asked(release)
    dossiers.read(demo.project, NOW)
    before = ReleasePull.objects.values().get()
    demo.sandbox.ask("POST", "/_control/faults", {"provider": "github", "kind": "500"})
    try:
        asked(release, NOW + timedelta(hours=1))
        assert not dossiers.read(demo.project, NOW + timedelta(hours=1))
    finally:
        demo.sandbox.ask("POST", "/_control/faults/clear", {})
    assert ReleasePull.objects.values().get() == before
    assert "GitHub" in Dossier.objects.get().why


def test_a_number_that_github_does_not_know_says_so(demo: Demo, release: Release) -> None:
    ReleasePull.objects.create(release=release, number=999_999)
    asked(release)
    dossiers.read(demo.project, NOW)
    stranger = ReleasePull.objects.get(number=999_999)
    assert "no pull request of that number" in stranger.why


def test_it_goes_on_until_all_are_read(
    demo: Demo, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dossiers, "MOST_PULLS", 1)
    ReleasePull.objects.bulk_create(
        ReleasePull(release=release, number=900_000 + n) for n in range(2)
    )
    asked(release)
    goes_on = [dossiers.read(demo.project, NOW) for _ in range(2)]
    assert goes_on == [True, True]
    assert ReleasePull.objects.filter(read_at=None).count() == 1


def test_a_build_that_goes_on_is_waited_for_a_day_and_no_longer(
    demo: Demo, release: Release
) -> None:
    asked(release)  # no build is known of it
    assert dossiers.read(demo.project, NOW + timedelta(hours=23))
    assert not dossiers.read(demo.project, NOW + timedelta(hours=25))


def test_one_that_waits_for_a_build_keeps_no_other_waiting(demo: Demo, release: Release) -> None:
    other = Release.objects.exclude(pk=release.pk).filter(project=demo.project)[0]
    asked(release)  # no build is known of it
    asked(other, NOW + timedelta(minutes=1))
    for minute in (2, 3):
        dossiers.read(demo.project, NOW + timedelta(minutes=minute))
    assert not Dossier.objects.filter(read_at=None).exists()


def test_what_is_cut_here_has_a_dossier_and_what_was_imported_has_none(
    demo: Demo, release: Release
) -> None:
    dossiers.open_for_cut(demo.project, NOW)
    assert not Dossier.objects.exists()
    Release.objects.filter(pk=release.pk).update(cut_by="Ada")
    dossiers.open_for_cut(demo.project, NOW)
    assert Dossier.objects.get().release == release


def test_asking_again_is_on_record_and_reads_again(demo: Demo, release: Release) -> None:
    asked(release)
    dossiers.read(demo.project, NOW)
    Dossier.ask(release, by=ADA, now=NOW + timedelta(minutes=1))
    assert ReleasePull.objects.unread().exists()
    assert AuditEvent.objects.filter(verb="evidence.ask").count() == 2


def test_a_terminals_escapes_are_left_out_of_the_log(demo: Demo, release: Release) -> None:
    event = BuildEvent(at=NOW, kind="stdout", level=None, text="\x1b[31mred\x1b[0m\n")
    assert dossiers._line(event).endswith(" red")
