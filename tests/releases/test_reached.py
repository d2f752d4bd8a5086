"""When did it reach production? Asked by pull request, issue or commit."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agentmesh_release.core.models import User
from releases.models import Activation, Project, PullRequest
from releases.readers.closing import closed_by
from releases.readers.reached import Arrival, answer, wanted_by
from tests.cast import signed_in
from tests.releases.histories import land, told, told_project
from tests.releases.imports import release

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(demo_world: None) -> Project:
    return told_project()


def live(project: Project, tag: str, day: int, until: int | None = None) -> Activation:
    """That release is live in production from one day of November 2026 to another."""
    return project.environments.get().activations.create(
        release=release(project, tag),
        vercel_id=f"dpl_{tag}",
        origin="promotion",
        since=datetime(2026, 11, day, 15, tzinfo=UTC),
        until=datetime(2026, 11, until, 15, tzinfo=UTC) if until else None,
    )


def only(text: str, project: str = "") -> Arrival:
    found = answer(text, project)
    assert found is not None
    (arrival,) = found.arrivals
    return arrival


def shown(sam: User, text: str, **query: str) -> str:
    response = signed_in(sam).get(reverse("history"), {"q": text, **query})
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("#12", "#12"),
        (" 1234 ", "#1234"),
        ("https://github.com/demo/api/pull/7", "#7"),
        ("https://github.com/demo/api/issues/7/", "#7"),
        ("ABCDEF1", "abcdef1"),
        ("1234567", "1234567"),
        ("#1234567", "#1234567"),
        ("https://github.com/demo/api/commit/abcdef12", "abcdef12"),
    ],
)
def test_it_is_asked_by_number_or_commit(text: str, wanted: str) -> None:
    assert str(wanted_by(text)) == wanted


@pytest.mark.parametrize("text", ["", "1.4.0", "abcdef", "#", "#1 #2", "#9999999999", "a" * 65])
def test_other_searches_ask_for_no_change(text: str) -> None:
    assert answer(text) is None


@pytest.mark.parametrize(
    ("message", "numbers"),
    [
        ("fix: x\n\nCloses #12", {12}),
        ("fix: x\n\ncloses: #12, #13 and #14", {12, 13, 14}),
        ("Fixes demo/api#7", {7}),
        ("resolved #1\nRESOLVES #2", {1, 2}),
        ("see #12; encloses #13; fix 14", set()),
    ],
)
def test_a_message_says_which_issues_it_closes(message: str, numbers: set[int]) -> None:
    assert closed_by(message) == numbers


def test_reading_footers_takes_linear_time() -> None:
    assert closed_by("closes #1," * 100_000 + "fix " * 100_000) == {1}


@pytest.mark.parametrize(
    ("text", "how", "version"),
    [
        ("#7", "pull request", "1.0.0"),
        ("55", "issue", "1.1.0"),
        ("DEF0001", "commit", "1.1.0-rc.1"),
    ],
)
def test_it_finds_the_release_that_brought_it(
    project: Project, text: str, how: str, version: str
) -> None:
    found = only(text)
    assert found.release is not None
    assert (found.how, found.release.version) == (how, version)


def test_it_is_live_since_its_own_release(project: Project) -> None:
    since = live(project, "v1.0.0", 2)
    found = only("#7")
    assert (found.first, found.is_live) == (since, True)


def test_what_was_found_live_is_older_than_that(project: Project, sam: User) -> None:
    live(project, "v1.0.0", 2)
    Activation.objects.update(origin="found")
    assert "Before <time" in shown(sam, "#7")


def test_a_skipped_release_goes_live_with_a_later_one(project: Project) -> None:
    later = live(project, "v1.1.0", 10)
    found = only("#7")
    assert (found.first, found.is_live) == (later, True)


def test_it_says_what_is_live_instead_after_a_rollback(project: Project, sam: User) -> None:
    live(project, "v1.0.0", 2, until=10)
    live(project, "v1.1.0", 10, until=11)
    live(project, "v1.0.0", 11)
    assert not only("#55").is_live
    assert "It is not any more: production runs v1.0.0." in shown(sam, "#55")


def test_a_later_release_of_an_older_line_does_not_have_it(project: Project) -> None:
    told(project, "2.0.0", "feat!: anew (#90)", day=12)
    told(project, "1.1.1", "fix: old line (#91)", day=14)
    live(project, "v1.1.1", 15)
    assert (only("#90").first, only("#90").is_live) == (None, False)
    live_now = only("#91")
    assert live_now.is_live


def test_a_release_that_was_never_live_is_said(project: Project, sam: User) -> None:
    live(project, "v1.0.0", 2)
    assert "It has not yet.</b> It is in" in shown(sam, "#55")


def test_what_is_in_no_release_leads_to_the_draft(project: Project, sam: User) -> None:
    land(project, "feat: later (#99)", "Ada", datetime(2026, 11, 20, tzinfo=UTC))
    assert f'in no release: see <a href="{reverse("draft", args=["api"])}">' in shown(sam, "#99")


def test_an_open_pull_request_is_said_to_be_open(project: Project, sam: User) -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    PullRequest.objects.create(
        project=project, number=123, title="<b>later</b>", state="open", head_sha="f" * 40,
        url="https://github.com/demo/api/pull/123", created_at=now, read_at=now,
    )  # fmt: skip
    page = shown(sam, "#123")
    assert "It is not merged." in page
    assert "&lt;b&gt;later" in page


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("#4321", "Searched were pull requests #4321, and commits with a footer like"),
        ("0000000", "Searched were the commits whose name begins with <code>0000000</code>"),
    ],
)
def test_not_found_says_what_was_searched(
    project: Project, sam: User, text: str, sentence: str
) -> None:
    assert sentence in shown(sam, text)
    assert "in every project" in shown(sam, text)
    assert "in api." in shown(sam, text, project="api")


def test_the_same_number_is_told_for_each_project(project: Project) -> None:
    web = Project.objects.create(slug="web", name="web", repository="demo/web")
    told(web, "3.0.0", "feat: elsewhere (#7)", "fix: more of it (#7)")
    found = answer("#7")
    assert found is not None
    assert {each.commit.project.slug for each in found.arrivals} == {"api", "web"}
    assert only("#7", "web").commit.project == web


def test_it_stays_within_the_queries_of_a_page(project: Project, sam: User) -> None:
    live(project, "v1.0.0", 2)
    client = signed_in(sam)
    client.get("/more/")
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("history"), {"q": "#7", "author": "ada", "project": "api"})
    assert len(queries) <= 12, "\n".join(query["sql"][:150] for query in queries)
