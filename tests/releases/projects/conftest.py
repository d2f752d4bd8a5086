"""An admin who sets projects up, and what they type."""

from typing import Any

import pytest
from django.test import Client

from agentmesh_release.core.models import Role, User
from agentmesh_release.core.people import invite
from releases.models import Project
from releases.projects.form import SEEN, values_of
from tests.cast import SETUP, signed_in

TYPED = {
    "name": "Front",
    "repository": "acme/front",
    "default_branch": "main",
    "github_token_name": "GITHUB_TOKEN",
    "migrations_path": "prisma/migrations",
    "vercel_token_name": "VERCEL_TOKEN",
    "supabase_token_name": "SUPABASE_ACCESS_TOKEN",
    "approvals_required": "1",
    "watch_s": "900",
}


@pytest.fixture
def dana(db: None) -> User:
    return invite("dana", "Dana", Role.ADMIN, by=SETUP)


@pytest.fixture
def admin(dana: User) -> Client:
    """Dana's browser."""
    return signed_in(dana)


def shown(project: Project, **typed: Any) -> dict[str, Any]:
    """What a browser sends of the settings page as it is now, with these fields typed anew."""
    present = values_of(project)
    return {**present, **{SEEN + name: value for name, value in present.items()}, **typed}
