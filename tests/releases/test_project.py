"""Where a project's repository is read by people."""

import pytest
from django.conf import LazySettings

from agentmesh_release.core.models import World
from releases.models.project import Project

API = Project(slug="api", name="api", repository="demo/api")


def test_in_the_demo_world_links_lead_to_the_sandbox(
    demo_world: World, settings: LazySettings
) -> None:
    settings.SANDBOX_URL = "http://127.0.0.1:9"
    assert API.repository_url == "http://127.0.0.1:9/github/demo/api"


@pytest.mark.django_db
def test_elsewhere_they_lead_to_github() -> None:
    assert API.repository_url == "https://github.com/demo/api"
