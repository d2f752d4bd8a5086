"""A project that was only typed in, in a real world: its whole history comes over the API.

The sandbox stands behind the vendors' addresses, as an operator could point them elsewhere.
"""

from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from agentmesh_release.core import polls
from agentmesh_release.core.models import Poll, User, World
from releases.health import providers
from releases.models import Deployment, Environment, Project
from tests.releases.imports import imported
from tests.releases.repositories import Drawing
from tests.sandbox.running import Running

from .conftest import TYPED

_numbers = count(1)


@dataclass
class Acme:
    """A repository that GitHub and Vercel know, and nobody here yet."""

    facts: dict[str, Any]
    admin: Client
    path: str

    def set_up(self, **typed: str) -> Project:
        described = {
            **TYPED,
            "repository": self.facts["repository"],
            "default_branch": self.facts["default_branch"],
            "vercel_project_id": self.facts["vercel_project_id"],
            "domain": self.facts["production_domain"],
            **typed,
        }
        answer = self.admin.post("/projects/new/", described)
        assert answer.status_code == 302, answer.content.decode()
        return Project.objects.get()


def drawn(path: Path) -> Path:
    """Twelve releases, with merges, pre-releases, and one patch of an old line."""
    drawing = Drawing(path)
    for minor in range(12):
        base = drawing.commit(f"feat: thing {minor} (#{minor + 1})")
        side = drawing.commit(f"fix: beside {minor}", parents=(base,), branch=f"side-{minor}")
        if minor == 4:
            drawing.tag("v1.3.1", drawing.commit("fix: old", parents=(side,), branch="patch"))
        trunk = drawing.commit(f"fix: thing {minor}", parents=(base,))
        if minor % 3 == 0:
            drawing.tag(f"v1.{minor}.0-rc.1", trunk)
        last = drawing.commit(f"Merge side-{minor}", parents=(trunk, side))
        if minor < 11:
            drawing.tag(f"v1.{minor}.0", last)
    return drawing.make()


def read(project: Project, *kinds: str) -> Project:
    """Read as the polls do, and answer the project as it then is."""
    for kind in kinds:
        poll = Poll.objects.get(kind=kind, scope=project.slug)
        Poll.objects.filter(pk=poll.pk).update(due_at=project.created_at)
        polls.run(poll.pk)
        poll.refresh_from_db()
        assert poll.last_error == ""
    return Project.objects.get(pk=project.pk)


@pytest.fixture
def acme(
    house_sandbox: Running,
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    admin: Client,
) -> Acme:
    World.objects.create(id=1, kind="real", name="Acme")
    for vendor in ("github", "vercel", "supabase"):
        setattr(settings, f"{vendor.upper()}_API_URL", f"{house_sandbox.url}/{vendor}")
    settings.ALLOWED_PRIVATE_ADDRESSES = ["127.0.0.0/8"]
    monkeypatch.setenv("GITHUB_TOKEN", "for-GitHub")
    monkeypatch.setenv("VERCEL_TOKEN", "for-Vercel")
    path = str(drawn(tmp_path / "acme"))
    facts = house_sandbox.act("repositories", path=path, name=f"acme-{next(_numbers)}")
    return Acme(facts, admin, path)


def told(project: Project) -> dict[str, tuple[object, ...]]:
    """What is known of each release, by its version."""
    return {
        release.version: (
            release.commit_sha,
            release.commit_count,
            release.is_on_trunk,
            release.previous and release.previous.version,
            sorted(release.commits.values_list("sha", flat=True)),
        )
        for release in project.releases.select_related("previous")
    }


def test_commits_releases_and_the_draft_come_by_themselves(acme: Acme) -> None:
    project = read(acme.set_up(), "github")
    assert project.trunk_sha == acme.facts["head"]
    assert project.draft.version == "1.11.0"
    from_disk = imported(acme.path).project
    assert told(project) == told(from_disk)
    assert project.commits.count() == from_disk.commits.count()


def test_many_tags_cost_few_calls(acme: Acme, house_sandbox: Running) -> None:
    project = acme.set_up()
    before = len(house_sandbox.get("/_control/requests?vendor=github")["requests"])
    read(project, "github")
    asked = house_sandbox.get("/_control/requests?vendor=github")["requests"][before:]
    paths = [each["path"] for each in asked]
    assert sum("/compare/" in path for path in paths) == 2  # of the one tag beside the branch
    assert len(paths) <= project.releases.count() + 13


def test_builds_and_the_bypass_are_read(acme: Acme) -> None:
    project = read(acme.set_up(), "github", "vercel")
    production = project.environments.get(kind=Environment.Kind.PRODUCTION)
    assert production.assigns_by_itself is False
    assert Deployment.objects.filter(project=project).exists()


def test_the_gates_of_the_newest_commit_are_asked(acme: Acme) -> None:
    project = read(acme.set_up(), "github", "vercel", "app-database")
    said = {each["gate"]: each["state"] for each in project.rehearsed["items"]}
    assert said["bypass"] == "passed"
    assert said["slo"] == "inconclusive"


def test_doctor_says_the_same_of_it(acme: Acme, house_sandbox: Running) -> None:
    acme.set_up(prometheus_url=f"{house_sandbox.url}/prometheus", prometheus_job="nobody")
    parts = {part.name.split()[0]: part for part in providers()}
    assert parts["GitHub"].state == parts["Vercel"].state == "passed"
    assert "knows no instance of the job nobody" in parts["Prometheus"].sentence


def test_what_leads_nowhere_is_said_and_tried_again(acme: Acme, dana: User) -> None:
    project = acme.set_up(repository="demo/nowhere")
    poll = Poll.objects.get(kind="github", scope=project.slug)
    Poll.objects.filter(pk=poll.pk).update(due_at=project.created_at)
    polls.run(poll.pk)
    poll.refresh_from_db()
    assert "it is not there, or the token may not see it" in poll.last_error
    page = acme.admin.get(f"/projects/{project.slug}/settings/").content.decode()
    assert "the token may not see it" in page
