"""What Vercel says of builds is kept, also where it is longer than anybody writes it."""

from dataclasses import replace
from itertools import islice

import pytest

from agentmesh_release.providers.vercel import Deployment as Build
from releases.evidence import builds
from releases.models import Deployment, Project
from tests.releases.imports import NOW

pytestmark = pytest.mark.django_db

BUILD = Build(
    id="dpl_1",
    name="api",
    url="api-1.vercel.app",
    state="READY",
    substate="STAGED",
    target=None,
    sha="a" * 40,
    branch="main",
    message=None,
    created_at=NOW,
    ready_at=NOW,
    alias_assigned=False,
    alias_error=None,
    rollback_candidate=None,
    checks_conclusion=None,
    error=None,
    inspector_url=None,
    aliases=(),
    meta={"githubPrId": "12"},
)


@pytest.fixture
def project() -> Project:
    return Project.objects.create(slug="api", name="api", repository="acme/api")


def kept(project: Project, build: Build) -> Deployment:
    builds.store(project, islice([build], 1), NOW)
    return Deployment.objects.get()


def test_a_build_is_kept_with_its_pull_request(project: Project) -> None:
    assert kept(project, BUILD).pull_request == 12


def test_a_long_name_of_a_branch_is_cut(project: Project) -> None:
    # GitHub takes 255 bytes.
    assert kept(project, replace(BUILD, branch="b" * 255)).branch == "b" * 250


@pytest.mark.parametrize("number", ["99999999999", "x", "٣", ""])
def test_what_is_no_number_of_a_pull_request_is_none(project: Project, number: str) -> None:
    assert kept(project, replace(BUILD, meta={"githubPrId": number})).pull_request is None
