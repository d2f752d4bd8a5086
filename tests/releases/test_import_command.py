"""`manage.py import_repo`: what it says."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from agentmesh_release.core.models import Poll
from flags.models import Target
from releases.models import Activation, Project
from tests.releases.repositories import Drawing
from tests.sandbox.running import Running

pytestmark = pytest.mark.django_db


def say(*words: str) -> list[str]:
    out = StringIO()
    call_command("import_repo", *words, stdout=out)
    return [line.strip() for line in out.getvalue().splitlines()]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    drawing = Drawing(tmp_path / "shop")
    drawing.commit("feat: a")
    drawing.tag("v1.0.0")
    drawing.tag("v1.0")
    drawing.commit("fix: b")
    return drawing.make()


def test_it_says_what_came_in_and_what_is_next(path: Path) -> None:
    first, *_ = say(str(path))
    assert first == (
        "Imported shop: 2 commits (2 new), 1 release, 1 commit not released yet; next is 1.0.1."
    )
    again, *_ = say(str(path))
    assert again.startswith("Brought up to date: shop: 2 commits (0 new)")


def test_it_says_what_was_left_out_and_what_is_missing(path: Path) -> None:
    _, *rest = say(str(path), "--domain", "shop.example.com")
    assert rest[0].startswith("Tag v1.0 is nearly a version")
    assert "Its project at Vercel is not known: give --vercel-project." in rest
    assert not any("--domain" in line for line in rest)


def test_what_is_said_is_kept(path: Path) -> None:
    say(str(path), "--repository=demo/shop", "--vercel-project=prj_1", "--name=The shop")
    project = Project.objects.get()
    assert (project.name, project.repository) == ("The shop", "demo/shop")
    assert project.vercel_project_id == "prj_1"


def test_a_path_like_an_option_is_imported_after_two_dashes(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.rename(path.with_name("--name=x"))
    monkeypatch.chdir(path.parent)
    assert say("--", "--name=x")[0].startswith("Imported --name=x: 2 commits")


@pytest.mark.parametrize("options", [["--slug=Not a slug"], ["--prometheus-url=nonsense"]])
def test_a_bad_option_is_refused_in_a_sentence(path: Path, options: list[str]) -> None:
    with pytest.raises(CommandError):
        say(str(path), *options)
    assert not Project.objects.exists()


def test_a_path_without_a_repository_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"is not the top of a git repository\."):
        say(str(tmp_path))


def test_in_a_demo_world_the_sandbox_fills_it_in(
    path: Path, sandboxed: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APP_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    say(str(path))
    project = Project.objects.get()
    assert (project.repository, project.prometheus_job) == ("demo/shop", "shop")
    assert project.vercel_project_id.startswith("prj_")
    assert (project.watch_s, project.app_database_url_name) == (60, "APP_DATABASE_URL")
    assert project.environments.get(kind="production").domain == "shop.example.com"
    assert Target.objects.get().url_name == "APP_DATABASE_URL"
    assert Poll.objects.filter(kind="vercel", scope="shop").exists()


def test_in_a_demo_world_what_is_live_is_known_at_once(path: Path, sandboxed: Running) -> None:
    (path / "x").touch()
    say(str(path), "--slug=shop-live")
    activation = Activation.objects.live().get()
    assert (activation.name, activation.origin) == ("v1.0.0", "found")
    assert Project.objects.get().deployments.exists()


def test_without_a_sandbox_a_demo_world_imports_nothing(
    path: Path, sandboxed: Running, settings: Settings
) -> None:
    settings.SANDBOX_URL = "http://127.0.0.1:9"
    with pytest.raises(CommandError, match="Nothing was imported"):
        say(str(path))
    assert not Project.objects.exists()


def test_a_provider_that_fails_now_is_read_later(path: Path, sandboxed: Running) -> None:
    sandboxed.act("faults", provider="vercel", kind="500")
    try:
        lines = say(str(path), "--slug=shop-later")
    finally:
        sandboxed.act("faults/clear")
    assert lines[-1].endswith("It is tried again by itself.")
    assert Project.objects.get().commits.count() == 2
