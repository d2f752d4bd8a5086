"""The sandbox's own fixtures, and clients of it."""

from __future__ import annotations

import pytest

from agentmesh_release.providers.github import GitHub
from agentmesh_release.providers.http import Timeouts
from agentmesh_release.providers.vercel import Vercel
from tests.providers.conftest import TOKEN
from tests.sandbox.conftest import Registered, healthy, history, long, project, sandbox

__all__ = ["healthy", "history", "long", "project", "sandbox"]

PATIENT = Timeouts(connect_s=1.0, read_s=1.0, total_s=4.0)


@pytest.fixture
def github(project: Registered) -> GitHub:
    return GitHub(f"{project.sandbox.url}/github", TOKEN, timeouts=PATIENT)


@pytest.fixture
def vercel(project: Registered) -> Vercel:
    return Vercel(f"{project.sandbox.url}/vercel", TOKEN, timeouts=PATIENT)


@pytest.fixture
def name(project: Registered) -> str:
    """The Vercel project's id."""
    return str(project.facts["vercel_project_id"])


def fault(project: Registered, provider: str, kind: str, **more: object) -> None:
    """Let a provider misbehave until the test's end."""
    project.sandbox.act("faults", provider=provider, kind=kind, **more)
