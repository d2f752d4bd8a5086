"""What the gates would say of the newest commit, with no promotion asked for."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from agentmesh_release.core.gates import gates
from agentmesh_release.core.models import User
from releases.models import Environment, Project, Promotion, Release
from releases.models.promotion import BEFORE
from releases.projects.rehearsal import keep, rehearse, renew
from tests.cast import signed_in
from tests.releases.conftest import Api, api

__all__ = ["api"]
URL = "/projects/api/settings/gates/"


def test_every_gate_is_judged_and_none_breaks(api: Api) -> None:
    said = {item.gate: item.verdict for item in rehearse(api.project, timezone.now())}
    assert set(said) == {gate.name for gate in gates if gate.phase == BEFORE}
    assert "could not be evaluated" not in " ".join(each.summary for each in said.values())
    assert said["ci"].state == said["bypass"].state == said["slo"].state == "passed"
    assert said["approvals"].state == said["published"].state == "pending"


def test_what_is_wrong_today_blocks_today(api: Api) -> None:
    api.ci("failed")
    Environment.objects.filter(pk=api.production.pk).update(assigns_by_itself=True)
    said = {item.gate: item.state for item in rehearse(api.project, timezone.now())}
    assert said["ci"] == said["bypass"] == "failed"


def test_nothing_is_made_by_it(api: Api) -> None:
    before = Release.objects.count(), Promotion.objects.count()
    keep(api.project, timezone.now())
    assert (Release.objects.count(), Promotion.objects.count()) == before


def test_a_project_without_a_commit_has_nothing_to_judge(api: Api) -> None:
    api.project.trunk_sha = ""
    assert len(rehearse(api.project, timezone.now())) == 0


def test_it_is_renewed_once_a_minute(api: Api) -> None:
    now = timezone.now()
    api.project.created_at = now - timedelta(hours=1)
    renew(api.project, now)
    first = Project.objects.get(pk=api.project.pk).rehearsed
    assert first["checked_at"] == now.isoformat()
    renew(api.project, timezone.now())
    assert Project.objects.get(pk=api.project.pk).rehearsed == first


def test_the_page_says_what_was_kept_and_leads_to_closing_the_bypass(
    api: Api, admin: Client
) -> None:
    assert "Its history is being read" in admin.get(URL).content.decode()
    Environment.objects.filter(pk=api.production.pk).update(assigns_by_itself=True)
    keep(api.project, timezone.now())
    page = admin.get(URL).content.decode()
    assert "past every gate" in page
    assert "/projects/api/settings/bypass/" in page


@pytest.mark.parametrize("who", ["ada", "sam"])
def test_who_may_only_read_cannot_close_it(
    api: Api, request: pytest.FixtureRequest, who: str
) -> None:
    someone: User = request.getfixturevalue(who)
    answer = signed_in(someone).post("/projects/api/settings/bypass/", {"reason": "x"})
    assert answer.status_code == 403
