"""A real world whose providers are one server that says what the test wants it to say."""

import pytest
from django.conf import LazySettings

from agentmesh_release.core.models import World
from releases.models import Project
from releases.probes import PROBES, Finding, Subject, examine
from tests.providers.conftest import stub
from tests.providers.stub import Stub

__all__ = ["stub"]

TOKEN = "tok-en.of-Robo_1234567890"
TOKENS = ("GITHUB_TOKEN", "VERCEL_TOKEN", "SUPABASE_ACCESS_TOKEN", "PROMETHEUS_TOKEN")
NOWHERE = "https://nowhere.invalid"
DOMAIN = "api.example.com"


def point(settings: LazySettings, url: str) -> None:
    """Let every vendor answer there."""
    for vendor in ("GITHUB", "VERCEL", "SUPABASE"):
        setattr(settings, f"{vendor}_API_URL", url)


@pytest.fixture
def real_world(
    db: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, stub: Stub
) -> World:
    """A real world with every token set, where loopback is allowed."""
    for name in TOKENS:
        monkeypatch.setenv(name, TOKEN)
    settings.ALLOWED_PRIVATE_ADDRESSES = ["127.0.0.0/8"]
    point(settings, stub.url)
    return World.objects.create(id=1, kind="real", name="AgentMesh Cloud")


@pytest.fixture
def project(real_world: World, stub: Stub) -> Project:
    """A project that names everything, and is not stored."""
    return Project(
        slug="api",
        name="api",
        repository="acme/api",
        vercel_project_id="prj_api",
        supabase_ref="abcdefghijklmnopqrst",
        app_database_url_name="APP_DATABASE_URL",
        prometheus_url=stub.url,
        prometheus_token_name="PROMETHEUS_TOKEN",
        prometheus_job="api",
    )


def found(project: Project, provider: str, patience_s: float = 5.0) -> list[Finding]:
    return examine(PROBES[provider], Subject(project, DOMAIN), patience_s)
