"""What an imported project is called."""

from pathlib import Path

import pytest

from agentmesh_release.core.refusals import Refused
from tests.releases.imports import imported
from tests.releases.repositories import Drawing, git

pytestmark = pytest.mark.django_db


def names(path: Path, **wishes: str) -> tuple[str, str]:
    project = imported(path, **wishes).project
    return project.name, project.slug


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("api", ("api", "api")),
        ("api.git", ("api", "api")),
        ("My API", ("My API", "my-api")),
        ("-rf", ("-rf", "rf")),
        ("a\nb\tc", ("a b c", "a-b-c")),
        ("日本語", ("日本語", "project")),
        ("…", ("…", "project")),
        ("x" * 200, ("x" * 120, "x" * 70)),
        (".git", ("api", "api")),
    ],
)
def test_it_is_named_after_its_directory(
    tmp_path: Path, folder: str, expected: tuple[str, str]
) -> None:
    path = tmp_path / "api" / folder
    assert names(Drawing(path).make()) == expected


def test_a_directory_whose_name_is_no_text_is_imported(tmp_path: Path) -> None:
    path = Drawing(tmp_path / "caf\udce9").make()
    assert names(path) == ("caf\N{REPLACEMENT CHARACTER}", "caf")
    assert not imported(path).is_new


def test_a_work_tree_and_its_subfolder_differ(tmp_path: Path) -> None:
    from releases.history import HistoryUnreadable

    git(tmp_path, "init", "-q", "work")
    (tmp_path / "work" / "sub").mkdir()
    with pytest.raises(HistoryUnreadable):
        imported(tmp_path / "work" / "sub")


def test_a_link_and_what_it_leads_to_are_one_repository(tmp_path: Path) -> None:
    path = Drawing(tmp_path / "api").make()
    (tmp_path / "link").symlink_to(path)
    imported(path)
    assert not imported(tmp_path / "link").is_new


def test_repositories_of_one_name_get_slugs_of_their_own(tmp_path: Path) -> None:
    slugs = [names(Drawing(tmp_path / at / "api").make())[1] for at in "abc"]
    assert slugs == ["api", "api-2", "api-3"]


def test_name_and_slug_can_be_said(tmp_path: Path) -> None:
    path = Drawing(tmp_path / "api").make()
    assert names(path, name="  The \n API ", slug="main-api") == ("The API", "main-api")


@pytest.mark.parametrize("slug", ["Api", "a b", "a/b", "../x", "ä", "x" * 90])
def test_a_slug_that_does_not_fit_a_link_is_refused(tmp_path: Path, slug: str) -> None:
    with pytest.raises(Refused, match="cannot be a slug"):
        imported(Drawing(tmp_path / "api").make(), slug=slug)


def test_a_slug_that_another_repository_has_is_refused(tmp_path: Path) -> None:
    imported(Drawing(tmp_path / "api").make())
    with pytest.raises(Refused, match="already"):
        imported(Drawing(tmp_path / "other").make(), slug="api")
