"""The flags that commits name, and how the app's table has them."""

from collections.abc import Iterator

import pytest
from django.urls import reverse

from agentmesh_release.core.connections import app_database
from agentmesh_release.core.models import User
from releases.conventional.reading import read
from releases.evidence import flags
from releases.models import Project
from tests.cast import signed_in
from tests.providers.databases import fresh_database, sql
from tests.releases.imports import NOW, since_release


@pytest.mark.parametrize(
    ("footers", "keys"),
    [
        ("Flag: checkout_v2", ("checkout_v2",)),
        ("needs-flag: a, b c\nFlags: a", ("a", "b", "c")),
        ("Flag: <script>", ()),
        ("Flags are nice", ()),
        ("Flag: a\n  and so on", ("a",)),
    ],
)
def test_a_commit_names_flags_in_its_footers(footers: str, keys: tuple[str, ...]) -> None:
    assert read(f"feat: x\n\n{footers}").needs_flags == keys


@pytest.mark.django_db
def test_what_was_reverted_needs_no_flag() -> None:
    draft = since_release("feat: a\n\nFlag: one", "feat: b\n\nFlag: two", 'Revert "feat: a"').draft
    assert draft.needs_flags == ["two"]


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An app whose table has three of four flags."""
    with fresh_database() as url:
        monkeypatch.setenv("APP_DATABASE_URL", url)
        sql(
            url,
            "CREATE TABLE config_flags (key text PRIMARY KEY, value jsonb NOT NULL)",
            """INSERT INTO config_flags VALUES ('shown', '{"enabled": true}'), ('hidden', 'false'),
               ('share', '{"percent": 5}')""",
        )
        yield
        app_database("APP_DATABASE_URL").close()


@pytest.mark.django_db
def test_the_draft_says_how_each_stands(app: None, demo_world: None, sam: User) -> None:
    project = since_release("feat: x\n\nFlags: shown, hidden, share, missing")
    Project.objects.update(app_database_url_name="APP_DATABASE_URL")
    flags.read(Project.objects.get(), NOW)
    readings = Project.objects.get().draft.flag_readings
    assert {key: each["state"] for key, each in readings.items()} == {
        "shown": "on",
        "hidden": "off",
        "share": "set",
        "missing": "absent",
    }
    page = signed_in(sam).get(reverse("draft", args=[project.slug])).content.decode()
    assert "Not set up" in page


@pytest.mark.django_db
def test_what_was_never_read_is_said_to_be_unknown(sam: User) -> None:
    project = since_release("feat: x\n\nFlag: shown")
    flags.read(project, NOW)
    page = signed_in(sam).get(reverse("draft", args=["api"])).content.decode()
    assert "<code>shown</code>" in page
    assert "Not read" in page
