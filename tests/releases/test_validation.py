"""Release validation: what has to be known before a release is cut."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import Poll, User
from agentmesh_release.core.refusals import Refused
from releases.drafting import cutting, validation
from releases.models import CheckSummary, Deployment, MigrationReading, Project, Release
from tests.cast import signed_in
from tests.releases.imports import since_release

pytestmark = pytest.mark.django_db


def verdicts(project: Project) -> dict[str, str]:
    candidate = validation.Candidate.next_of(project, project.draft)
    return {item.gate: item.state for item in validation.validate(candidate, timezone.now())}


@pytest.fixture
def project() -> Project:
    made = since_release("fix: b")
    return Project.objects.get(pk=made.pk)


def test_all_that_is_known_and_green_is_clear(project: Project) -> None:
    assert set(verdicts(project).values()) == {"passed"}
    assert len(verdicts(project)) == 5


@pytest.mark.parametrize(
    ("model", "gate"),
    [
        (CheckSummary, "cut.ci"),
        (Deployment, "cut.build"),
        (MigrationReading, "cut.migrations"),
        (Poll, "cut.tag"),
    ],
)
def test_what_was_never_read_is_inconclusive(
    project: Project, model: type[CheckSummary], gate: str
) -> None:
    model.objects.all().delete()
    assert verdicts(project)[gate] == "inconclusive"


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        ("ERROR", "failed"),
        ("CANCELED", "failed"),
        ("BUILDING", "pending"),
        ("QUEUED", "pending"),
        ("READY", "passed"),
        ("NEW WORD", "inconclusive"),
    ],
)
def test_the_build_is_judged_by_its_state(project: Project, state: str, verdict: str) -> None:
    Deployment.objects.update(state=state)
    assert verdicts(project)["cut.build"] == verdict


def test_of_a_folder_it_is_said_why_vercel_may_not_have_built(project: Project) -> None:
    Deployment.objects.all().delete()
    project.folder = "packages/front"
    verdict = validation.build_ready(validation.Candidate.next_of(project, project.draft))
    assert "Skip deployments" in verdict.way


def test_a_build_that_was_repeated_counts_by_the_one_that_is_ready(project: Project) -> None:
    project.deployments.create(
        vercel_id="dpl_2",
        target="production",
        sha=project.trunk_sha,
        state="ERROR",
        created_at=timezone.now() + timedelta(minutes=1),
        read_at=timezone.now(),
    )
    assert verdicts(project)["cut.build"] == "passed"


@pytest.mark.parametrize("outcome", ["failed", "pending", "absent", "unclear"])
def test_only_green_checks_are_green(project: Project, outcome: str) -> None:
    CheckSummary.objects.update(outcome=outcome)
    assert verdicts(project)["cut.ci"] != "passed"


def test_what_is_too_old_does_not_count(project: Project) -> None:
    old = timezone.now() - timedelta(minutes=6)
    CheckSummary.objects.update(read_at=old)
    Poll.objects.update(last_ok_at=old)
    found = verdicts(project)
    assert (found["cut.ci"], found["cut.tag"]) == ("inconclusive", "inconclusive")


def test_migrations_have_to_be_known_not_applied(project: Project) -> None:
    pending = [{"name": "1_a", "state": "pending", "checksum": "x", "phase": "expand"}]
    MigrationReading.objects.update(migrations=pending)
    assert verdicts(project)["cut.migrations"] == "passed"


def test_a_tag_on_another_commit_fails(project: Project) -> None:
    Release.objects.update(tag=project.draft.changelog["version"])
    assert verdicts(project)["cut.tag"] == "failed"


def test_a_cut_is_refused_with_what_blocks_it(project: Project, ada: User) -> None:
    CheckSummary.objects.update(outcome="failed", results=[{"name": "unit", "outcome": "failed"}])
    with pytest.raises(Refused, match="Tests: Failed: unit") as refusal:
        cutting.cut(
            project,
            by=Actor.person(ada),
            head_sha=project.trunk_sha,
            reason="due",
            now=timezone.now(),
        )
    assert refusal.value.code == "gates_block"
    assert Release.objects.count() == 1


def test_the_draft_keeps_what_was_last_said(project: Project, ada: User) -> None:
    Deployment.objects.update(state="BUILDING")
    validation.keep(project, timezone.now())
    shown = signed_in(ada).get("/projects/api/draft/cut/").content.decode()
    assert "keeps it from being cut" in shown
    assert "Vercel is building it." in shown
    assert "<h2>Build</h2>" in shown
    assert 'aria-disabled="true"' in shown


def test_what_was_said_of_an_older_commit_is_not_shown(project: Project) -> None:
    validation.keep(project, timezone.now())
    draft = Project.objects.get().draft
    assert validation.kept(draft, timezone.now()).is_clear
    draft.head_sha = "f" * 40
    assert len(validation.kept(draft, timezone.now())) == 0
