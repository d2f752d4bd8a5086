"""Comparing any two releases of a project."""

import pytest
from django.urls import reverse

from agentmesh_release.core.models import User
from releases.models import Project
from releases.readers.comparison import compare
from tests.cast import signed_in
from tests.releases.histories import told, told_project
from tests.releases.imports import release

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(demo_world: None) -> Project:
    return told_project()


def between(project: Project, base: str, other: str) -> tuple[int, list[str]]:
    """How many commits, and the descriptions of the merged changelog."""
    found = compare(release(project, base), release(project, other))
    entries = [entry for section in found.changelog.sections for entry in section.entries]
    return found.commit_count, [entry.description for entry in entries]


def page(sam: User, version: str, **query: str) -> str:
    answer = signed_in(sam).get(reverse("comparison", args=["api", version]), query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("base", "other", "descriptions"),
    [
        ("v1.0.0", "v1.1.0", ["refuse old tokens", "index runs"]),
        ("v1.1.0-rc.1", "v1.1.0", ["refuse old tokens"]),
        ("v1.0.0", "v1.1.0-rc.1", ["index runs"]),
        ("v1.1.0", "v1.0.0", ["refuse old tokens", "index runs"]),
        ("v1.1.0", "v1.1.0", []),
    ],
)
def test_one_changelog_tells_all_that_lies_between(
    project: Project, base: str, other: str, descriptions: list[str]
) -> None:
    assert between(project, base, other) == (len(descriptions), descriptions)


def test_what_a_later_release_took_back_is_not_told(project: Project) -> None:
    told(project, "1.2.0", "feat: regions", day=12)
    told(project, "1.3.0", 'Revert "feat: regions"', day=13)
    assert between(project, "v1.1.0", "v1.3.0") == (2, [])


def test_a_later_release_of_an_older_line_does_not_count(project: Project) -> None:
    told(project, "2.0.0", "feat!: anew", day=14)
    told(project, "1.1.1", "fix: old line", day=20)
    assert between(project, "v1.1.0", "v2.0.0") == (1, ["anew"])


def test_the_releases_on_the_way_are_the_stable_ones(project: Project) -> None:
    found = compare(release(project, "v1.0.0"), release(project, "v1.1.0"))
    assert [each.tag for each in found.between] == ["v1.1.0"]


def test_the_page_says_how_much_and_leads_on(project: Project, sam: User) -> None:
    shown = page(sam, "1.1.0", **{"with": "1.0.0"})
    assert "index runs" in shown
    assert f"{project.repository_url}/compare/v1.0.0...v1.1.0" in shown
    assert f"{reverse('comparison', args=['api', '1.0.0'])}?with=1.1.0" in shown


def test_going_back_is_said(project: Project, sam: User) -> None:
    shown = page(sam, "1.0.0", **{"with": "v1.1.0"})
    assert "Going back takes" in shown
    assert "What it takes away" in shown


def test_by_default_it_is_compared_with_the_one_before(project: Project, sam: User) -> None:
    project.releases.filter(version="1.1.0").update(previous=release(project, "v1.0.0"))
    assert "api <bdi>v1.0.0</bdi> to <bdi>v1.1.0</bdi>" in page(sam, "1.1.0")


def test_the_first_release_asks_what_to_compare_it_with(project: Project, sam: User) -> None:
    assert "It follows no release" in page(sam, "1.0.0")


def test_a_release_is_the_same_as_itself(project: Project, sam: User) -> None:
    assert "one and the same release" in page(sam, "1.0.0", **{"with": "1.0.0"})


@pytest.mark.parametrize("wanted", ["9.9.9", "<script>", "‮1.0.0", "x" * 100_000, "'--"])
def test_an_unknown_release_is_said_with_what_was_asked(
    project: Project, sam: User, wanted: str
) -> None:
    address = reverse("comparison", args=["api", "1.1.0"])
    answer = signed_in(sam).get(address, {"with": wanted})
    assert answer.status_code == 404
    assert "has no release called" in answer.content.decode()
    assert "<script>" not in answer.content.decode().partition("<main")[2].partition("</main")[0]


def test_an_unknown_release_cannot_be_compared(project: Project, sam: User) -> None:
    address = reverse("comparison", args=["api", "7.0.0"])
    assert signed_in(sam).get(address).status_code == 404


def test_only_releases_of_the_same_project_are_compared(project: Project, sam: User) -> None:
    other = Project.objects.create(slug="web", name="web", repository="demo/web")
    told(other, "5.0.0", "feat: elsewhere")
    address = reverse("comparison", args=["api", "1.1.0"])
    assert signed_in(sam).get(address, {"with": "5.0.0"}).status_code == 404


def test_the_release_offers_to_be_compared(project: Project, sam: User) -> None:
    shown = signed_in(sam).get(reverse("release", args=["api", "1.1.0"])).content.decode()
    assert reverse("comparison", args=["api", "1.1.0"]) in shown
    assert '<option value="1.0.0">' in shown
