"""The living draft: the next version, and why."""

from pathlib import Path

import pytest
from django.urls import reverse
from semver import Version

from agentmesh_release.core.models import User
from releases.conventional import changelog
from releases.drafting import drafts
from releases.drafting.proposing import tag_of
from releases.models import Commit, Project
from tests.cast import signed_in
from tests.releases.imports import NOW, imported, land, since_release
from tests.releases.repositories import Drawing

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("message", "version", "bump"),
    [
        ("fix: x", "1.2.4", "patch"),
        ("feat: x", "1.3.0", "minor"),
        ("feat!: x", "2.0.0", "major"),
        ("docs: x", "", ""),
        ("feat: x\n\nRelease-As: 3.0.0", "3.0.0", "minor"),
    ],
)
def test_the_commits_say_the_version(message: str, version: str, bump: str) -> None:
    draft = since_release(message).draft
    assert (draft.version, draft.bump) == (version, bump)


def test_a_draft_without_a_version_says_why() -> None:
    assert "asks for a release" in since_release("docs: x").draft.notes[0]


@pytest.mark.parametrize(
    ("messages", "why"),
    [
        (("feat: a", "feat: b", "fix: c"), "A minor release: 2 commits ask for it, none breaks"),
        (("fix: a",), "A patch release: 1 commit asks for it"),
        (("feat!: a", "feat: b"), "1 commit breaks what worked before"),
        (("docs: a\n\nRelease-As: 3.0.0",), "“Release-As”"),
    ],
)
def test_a_draft_with_a_version_says_why_too(messages: tuple[str, ...], why: str) -> None:
    assert why in since_release(*messages).draft.notes[0]


def test_a_revert_and_what_it_reverts_ask_for_nothing() -> None:
    draft = since_release("feat: x", 'Revert "feat: x"').draft
    assert (draft.version, draft.commit_count) == ("", 2)


def test_the_changelog_is_the_one_that_the_release_will_have() -> None:
    told = changelog.from_json(since_release("fix: b", "feat(web): a (#8)").draft.changelog)
    assert (told.version, told.previous, told.commit_count) == ("v1.3.0", "v1.2.3", 2)
    assert [(section.title, len(section.entries)) for section in told.sections] == [
        ("Features", 1),
        ("Fixes", 1),
    ]


def test_the_first_version_of_a_project(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    drawing.commit("feat: a")
    draft = imported(drawing.make()).draft
    assert (draft.version, draft.base, draft.changelog["version"]) == ("0.1.0", None, "v0.1.0")


def test_it_knows_the_commit_that_it_was_made_for() -> None:
    project = since_release("fix: x")
    assert project.draft.head_sha == project.trunk_sha


def test_computing_again_keeps_one_draft() -> None:
    project = since_release("fix: x")
    assert drafts.recompute(project, NOW).pk == project.draft.pk


def test_versions_go_on_after_the_whole_branch_was_rewritten() -> None:
    project = since_release("fix: x")
    Commit.objects.filter(project=project).update(is_on_head=False)
    land(project, "feat: anew", 99)
    assert drafts.recompute(project, NOW).version == "1.3.0"


@pytest.mark.parametrize(
    ("written", "expected"),
    [("v1.2.3", "v2.0.0"), ("1.2.3", "2.0.0"), ("V1.2.3", "V2.0.0")],
)
def test_the_tag_is_written_as_the_last_one(written: str, expected: str) -> None:
    project = since_release("fix: x", tag=written)
    assert tag_of(project, Version.parse("2.0.0"), project.draft.base) == expected


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("", "v1.0.0"),
        ("front-", "front-v1.0.0"),
        ("front-v", "front-v1.0.0"),
        ("front/", "front/v1.0.0"),
        ("@scope/front@", "@scope/front@1.0.0"),
    ],
)
def test_the_first_tag_is_written_as_its_prefix_asks(prefix: str, expected: str) -> None:
    assert tag_of(Project(tag_prefix=prefix), Version.parse("1.0.0"), None) == expected


def test_the_policy_says_what_a_type_does() -> None:
    project = since_release("docs: x")
    project.versioning = {"types": [{"name": "docs", "title": "Words", "bump": "patch"}]}
    project.save(update_fields=["versioning"])
    draft = drafts.recompute(project, NOW)
    assert draft.version == "1.2.4"
    assert [section["title"] for section in draft.changelog["sections"]] == ["Words"]


def test_its_page_tells_what_is_odd_about_the_history(sam: User) -> None:
    project = since_release("fix: x")
    project.warned = {"history": ["It is <shallow>."]}
    project.save(update_fields=["warned"])
    page = signed_in(sam).get(reverse("draft", args=["api"]))
    assert "It is &lt;shallow&gt;." in page.content.decode()
