"""Who has a role in one project reads of that project, on pages about all of them too."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from agentmesh_release.core import audit
from agentmesh_release.core.models import Role
from agentmesh_release.core.people import invite
from releases.models import Project
from tests.cast import SETUP, signed_in
from tests.releases.histories import told, told_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def robin(demo_world: None) -> Client:
    """A browser of Robin, who reads `web` and nothing else; `api` has a history."""
    told_project()
    web = Project.objects.create(slug="web", name="Web", repository="acme/web")
    told(web, "3.0.0", "feat: list runs on the page (#77)", day=3)
    return signed_in(invite("robin", "Robin", Role.STAKEHOLDER, by=SETUP, scope="web"))


@pytest.mark.parametrize("query", [{}, {"q": "run"}, {"type": "feat"}])
def test_the_history_lists_no_other_project(robin: Client, query: dict[str, str]) -> None:
    page = robin.get(reverse("history"), query)
    assert [row["release"].project.slug for row in page.context["rows"]] == ["web"]
    assert [each.slug for each in page.context["projects"]] == ["web"]


@pytest.mark.parametrize("project", ["", "api"])
def test_when_it_reached_production_is_told_of_no_other_project(
    robin: Client, project: str
) -> None:
    page = robin.get(reverse("history"), {"q": "#7", "project": project})
    assert not page.context["answer"].arrivals
    assert not page.context["rows"]


def test_the_feed_tells_no_other_project(robin: Client) -> None:
    feed = json.loads(robin.get(reverse("feed-json")).content)
    assert [item["title"] for item in feed["items"]] == ["Web v3.0.0"]


def test_the_audit_log_tells_no_other_project(robin: Client) -> None:
    for slug in ("api", "web"):
        audit.record("release.cut", actor=SETUP, label=slug, scope=slug)
    page = robin.get(reverse("audit"))
    assert {event.scope for event in page.context["page"].rows} == {"web"}
