"""Cutting a release over the API."""

import json
from typing import Any

import pytest

from agentmesh_release.core.models import AuditEvent, User
from agentmesh_release.core.refusals import Refused
from releases.models import CheckSummary, Project, Promotion, Release
from tests.programs import Program, problem_of, program

from .conftest import approve
from .imports import since_release

pytestmark = pytest.mark.django_db
CUT = "/projects/api/releases"


@pytest.fixture
def project(demo_world: None) -> Project:
    return since_release("feat: one", "fix: two")


@pytest.fixture
def robo(project: Project, ada: User) -> Program:
    return program(ada, "releases:cut")


def cut(robo: Program, told: Any = None, **headers: str) -> dict[str, Any]:
    answer = robo.post(CUT, told, **headers)
    assert answer.status_code == 202, answer.content
    found: dict[str, Any] = json.loads(answer.content)
    return found


def test_it_takes_what_the_commits_ask_for(robo: Program, project: Project) -> None:
    told = cut(robo)
    assert (told["version"], told["bump"], told["commit"]) == ("1.3.0", "minor", project.trunk_sha)
    assert (told["cut_by"], told["state"]) == ("Robo (Ada's token)", "publishing")


@pytest.mark.parametrize(("bump", "version"), [("major", "2.0.0"), ("patch", "1.2.4")])
def test_a_bump_overrules_it(robo: Program, bump: str, version: str) -> None:
    assert cut(robo, {"bump": bump, "reason": "It is."})["version"] == version


def test_it_is_followed_where_location_says(robo: Program) -> None:
    answer = robo.post(CUT)
    assert answer["Location"] == "/api/v1/projects/api/releases/1.3.0"
    assert robo.client.get(answer["Location"]).content == answer.content


def test_a_channel_makes_it_a_pre_release(robo: Program) -> None:
    told = cut(robo, {"channel": "rc"})
    assert (told["version"], told["is_prerelease"]) == ("1.3.0-rc.1", True)


def test_less_than_the_commits_ask_for_needs_a_reason(robo: Program) -> None:
    assert problem_of(robo.post(CUT, {"bump": "patch"}), 422)["code"] == "no_reason"


def test_what_validation_misses_is_said(robo: Program) -> None:
    CheckSummary.objects.update(outcome="failed")
    told = problem_of(robo.post(CUT), 409)
    assert told["code"] == "gates_block"
    assert not Release.objects.filter(version="1.3.0").exists()


def test_the_reason_is_on_record(robo: Program) -> None:
    cut(robo, {"reason": "The launch."})
    event = AuditEvent.objects.get(verb="release.cut")
    assert (event.actor_kind, event.reason) == ("token", "The launch.")


def test_the_owner_of_the_token_is_who_asked(robo: Program, ada: User, ben: User) -> None:
    cut(robo)
    promotion = Promotion.objects.get()
    assert promotion.requester == ada
    with pytest.raises(Refused) as refusal:
        approve(promotion, ada)
    assert refusal.value.code == "own_approval"
    approve(promotion, ben)
    assert [each.by for each in promotion.counted()] == ["Ben"]


def test_a_newer_head_than_the_program_knows_is_refused(robo: Program, project: Project) -> None:
    before = project.commits.get(position=1).sha
    assert problem_of(robo.post(CUT, {"head_sha": before}), 409)["code"] == "trunk_moved"
    assert cut(robo, {"head_sha": project.trunk_sha})


def test_a_head_that_we_have_not_read_yet_may_be_tried_again(robo: Program) -> None:
    answer = robo.post(CUT, {"head_sha": "f" * 40})
    assert problem_of(answer, 409)["code"] == "commit_not_read"


def test_the_same_key_cuts_once(robo: Program) -> None:
    keys = {"Idempotency-Key": "run-7"}
    assert cut(robo, **keys) == cut(robo, **keys)
    assert Release.objects.count() == 2


def test_without_a_key_the_second_is_told_that_it_is_cut(robo: Program) -> None:
    cut(robo)
    assert problem_of(robo.post(CUT), 409)["code"] in ("cut_already", "nothing_to_release")
    assert Release.objects.count() == 2
