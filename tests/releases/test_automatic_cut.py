"""Cutting after a merge, where the policy says so: once a head, when nothing is missing."""

import pytest
from django.urls import reverse

from agentmesh_release.core.models import AuditEvent, User
from releases.drafting import automatic, drafts, notes, validation
from releases.models import Environment, Project, Release
from releases.production import going_live
from tests.cast import signed_in
from tests.releases.imports import NOW, land, since_release
from tests.releases.test_notes import write

pytestmark = pytest.mark.django_db


def merged(*messages: str, cuts: str = "after-merge") -> Project:
    """A project whose trunk has these messages, all of it read and well."""
    since_release(*messages)
    Project.objects.update(cuts=cuts)
    project = Project.objects.get()
    validation.keep(project, NOW)
    return project


def waits() -> str:
    return Project.objects.get().draft.waits_for


def test_it_is_cut_by_the_system_when_nothing_is_missing() -> None:
    release = automatic.consider(merged("feat: a"), NOW)
    assert release is not None
    assert (release.version, release.cut_by) == ("1.3.0", "system:automatic-cut")
    event = AuditEvent.objects.get(verb="release.cut")
    assert (event.actor_kind, event.reason) == ("system", automatic.REASON)


def test_a_head_is_cut_once() -> None:
    project = merged("feat: a")
    automatic.consider(project, NOW)
    assert automatic.consider(project, NOW) is None
    assert Release.objects.count() == 2


@pytest.mark.parametrize(("message", "cuts"), [("feat: a", "by-hand"), ("docs: a", "after-merge")])
def test_it_waits_for_a_person_or_for_a_version(message: str, cuts: str) -> None:
    assert automatic.consider(merged(message, cuts=cuts), NOW) is None
    assert waits() == ""


def test_red_checks_are_waited_for_and_said() -> None:
    project = merged("feat: a")
    project.check_summaries.update(outcome="failed", results=[{"name": "e2e", "outcome": "failed"}])
    validation.keep(project, NOW)
    assert automatic.consider(project, NOW) is None
    assert "Failed: e2e" in waits()


def test_what_was_never_judged_is_no_pass() -> None:
    project = merged("feat: a")
    land(project, "fix: b", 99)
    drafts.recompute(project, NOW)
    assert automatic.consider(project, NOW) is None
    assert "No gate has been evaluated" in waits()


def test_a_hold_keeps_it_back() -> None:
    project = merged("feat: a")
    production = Environment.objects.get(project=project)
    going_live.hold(
        production, release=None, bad_sha="", reason="It fell over.", by="Cleo", now=NOW
    )
    assert automatic.consider(project, NOW) is None
    assert waits() == "Automation is on hold: It fell over."


def test_an_archived_project_is_left_alone() -> None:
    project = merged("feat: a")
    Project.objects.update(archived_at=NOW)
    assert automatic.consider(project, NOW) is None


def test_notes_that_are_older_than_the_changes_keep_it_back(ada: User, sam: User) -> None:
    project = merged("feat: a")
    write(notes.of_draft(project), ada)
    land(project, "fix: b", 99)
    drafts.recompute(project, NOW)
    validation.keep(Project.objects.get(), NOW)
    assert automatic.consider(Project.objects.get(), NOW) is None
    assert "notes that Ada wrote are older" in waits()
    page = signed_in(sam).get(reverse("draft", args=["api"])).content.decode()
    assert "It is cut by itself when nothing is missing." in page
    assert "do not know of the newest changes" in page


def test_the_next_commit_starts_anew() -> None:
    project = merged("feat: a")
    automatic.consider(project, NOW)
    land(project, "fix: b", 99)
    drafts.recompute(project, NOW)
    assert waits() == ""
    validation.keep(Project.objects.get(), NOW)
    release = automatic.consider(Project.objects.get(), NOW)
    assert release is not None
    assert release.version == "1.3.1"
