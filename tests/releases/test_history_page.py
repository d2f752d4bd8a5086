"""The history page: what its search and its filters find."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from agentmesh_release.core import words
from agentmesh_release.core.models import User
from releases.models import Commit, Project
from releases.readers.filters import Filters
from tests.cast import signed_in
from tests.releases.histories import told, told_project

pytestmark = pytest.mark.django_db

Find = Callable[..., list[str]]


@pytest.fixture
def project(demo_world: None) -> Project:
    return told_project()


@pytest.fixture
def find(project: Project, sam: User) -> Find:
    """`find(q="…")` are the versions that the page shows to Sam, newest first."""
    client = signed_in(sam)

    def find(**query: str) -> list[str]:
        answer = client.get(reverse("history"), query)
        assert answer.status_code == 200
        return [row["release"].version for row in answer.context["rows"]]

    return find


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("list runs", ["1.0.0"]),
        ("AGENT list", ["1.0.0"]),
        ("run", ["1.1.0", "1.1.0-rc.1", "1.0.0"]),
        ("refus tok", ["1.1.0"]),
        ("1.1", ["1.1.0", "1.1.0-rc.1"]),
        ("v1.0.0", ["1.0.0"]),
        ("abc0002", ["1.1.0"]),
        ("tokens agent", []),
        ("closes #55", ["1.1.0"]),
        ("closes #5", []),
        ("***", []),
        ("' | x:* & !(", []),
        ("<script>alert(1)</script>", []),
        ("‮ هلا", []),
    ],
)
def test_it_searches_words_versions_and_commits(find: Find, text: str, versions: list[str]) -> None:
    assert find(q=text) == versions


@pytest.mark.parametrize(
    ("query", "versions"),
    [
        ({"type": "perf"}, ["1.1.0", "1.1.0-rc.1"]),
        ({"type": "breaking"}, ["1.1.0"]),
        ({"author": "ben"}, ["1.1.0", "1.1.0-rc.1"]),
        ({"author": "öz"}, ["1.1.0", "1.1.0-rc.1"]),
        ({"author": "cleo", "type": "perf"}, []),
        ({"q": "runs", "type": "feat"}, ["1.0.0"]),
        ({"since": "2026-11-05"}, ["1.1.0", "1.1.0-rc.1"]),
        ({"until": "2026-11-05"}, ["1.1.0-rc.1", "1.0.0"]),
        ({"since": "2026-11-02", "until": "2026-11-04"}, []),
        ({"project": "nowhere"}, []),
        ({"environment": "production"}, ["1.0.0"]),
        ({"environment": "preview"}, []),
    ],
)
def test_it_filters(
    find: Find, project: Project, query: dict[str, str], versions: list[str]
) -> None:
    project.environments.get().activations.create(
        release=project.releases.get(version="1.0.0"),
        vercel_id="dpl_1",
        origin="found",
        since=datetime(2026, 11, 2, tzinfo=UTC),
    )
    assert find(**query) == versions


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"since": "2026-13-45"}, "“2026-13-45” is not a day."),
        ({"until": "yesterday"}, "“yesterday” is not a day."),
        ({"since": "2026-02-02", "until": "2026-01-01"}, "The first day is after the last"),
        ({"type": "<b>"}, "no type of change called “&lt;b&gt;”"),
        ({"environment": "moon"}, "no environment called “moon”"),
    ],
)
def test_it_says_what_a_filter_cannot_mean(
    project: Project, sam: User, query: dict[str, str], sentence: str
) -> None:
    answer = signed_in(sam).get(reverse("history"), query)
    assert (answer.status_code, sentence in answer.content.decode()) == (200, True)


@pytest.mark.parametrize(
    "query",
    [
        {"until": "9999-12-31", "since": "0001-01-01"},
        {"q": "a" * 100_000},
        {"q": "word " * 5_000},
        {"before": "9" * 400},
        {"before": "-1"},
        {"author": "'; --"},
        {"q": "\udcff".encode("utf-8", "surrogateescape").decode("latin-1")},
    ],
)
def test_it_answers_whatever_is_asked(project: Project, sam: User, query: dict[str, str]) -> None:
    assert signed_in(sam).get(reverse("history"), query).status_code == 200


def test_it_keeps_what_was_chosen_and_offers_to_clear_it(project: Project, sam: User) -> None:
    page = signed_in(sam).get(reverse("history"), {"q": '"runs"', "type": "feat"}).content.decode()
    assert 'value="&quot;runs&quot;"' in page
    assert '<option value="feat" selected>' in page
    assert "Clear the filters" in page


def test_it_shows_the_changes_that_fit(project: Project, sam: User) -> None:
    told(project, "1.2.0", *(f"feat: thing {n} <i>" for n in range(4)), day=12)
    page = signed_in(sam).get(reverse("history"), {"q": "thing"}).content.decode()
    assert "feat: thing 3 &lt;i&gt;" in page
    assert "and 2 more" in page


def test_without_filters_it_shows_no_changes(project: Project, sam: User) -> None:
    assert "list runs by agent" not in signed_in(sam).get(reverse("history")).content.decode()


def test_the_search_can_use_its_index(project: Project) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan TO off")
    assert "commit_words" in Commit.objects.saying("refuse tokens").explain()
    assert "commit_author_words" in Commit.objects.by_author("cleo").explain()
    assert "commit_by_sha" in Commit.objects.filter(sha__startswith="def0001").explain()


MESSAGES = (
    "fix: a", "FIX(b): c", "a prefix", "no_fix", "[fix] d", "e\n\nfixes #12", "f 123", "v123",
    "(123)", "1.23.4", "123,4", "émile fix", "—fix", "İfix", "re-read, only", "read-only", "`fix`",
    "x" * 20_000 + " fix",
)  # fmt: skip


@pytest.mark.parametrize("text", ["fix", "FIX", "123", "fix a", "read-only", "é", "c", "#12", "İ"])
def test_reading_messages_finds_what_the_index_finds(project: Project, text: str) -> None:
    told(project, "3.0.0", *MESSAGES, day=20)
    found = set(Commit.objects.saying(text).values_list("message", flat=True))
    assert set(Commit.objects.saying(text, unaided=True).values_list("message", flat=True)) == found


def test_a_message_of_megabytes_is_found_by_its_start(project: Project, find: Find) -> None:
    told(project, "2.0.0", "feat: zebra\n\n" + "x" * 3_000_000 + " " + "y 🦓 " * 300_000, day=20)
    assert find(q="zebra") == ["2.0.0"]


def test_no_word_is_no_query() -> None:
    assert words.query_of("-- :: ..") is None


def test_it_reads_no_more_than_is_reasonable() -> None:
    assert len(Filters.read({"q": "a" * 10_000}).text) == 200


def test_a_null_character_is_refused_with_a_sentence(project: Project, sam: User) -> None:
    answer = signed_in(sam).get("/releases/?q=%00")
    assert (answer.status_code, b"null character" in answer.content) == (400, True)


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    assert client.get(reverse("history")).status_code == 302
