"""What stands between us and the app's database, and what mends it."""

from collections.abc import Iterator

import pytest

from agentmesh_release.core.connections import app_database
from releases.models import Project
from releases.probes import Finding
from tests.providers.databases import fresh_database, sql
from tests.providers.stub import Stub, raw

from .conftest import found

FLAGS = "CREATE TABLE config_flags (key text PRIMARY KEY, value jsonb NOT NULL)"


@pytest.fixture(scope="module")
def own_url() -> Iterator[str]:
    with fresh_database() as url:
        yield url


@pytest.fixture
def url(own_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("APP_DATABASE_URL", own_url)
    yield own_url
    app_database("APP_DATABASE_URL").close()
    sql(own_url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")


def by_subject(project: Project) -> dict[str, Finding]:
    return {finding.about: finding for finding in found(project, "app-database")}


def test_all_that_is_needed_passes(project: Project, url: str) -> None:
    sql(url, FLAGS, "CREATE TABLE _prisma_migrations (id text)")
    assert {each.state for each in by_subject(project).values()} == {"passed"}


@pytest.mark.parametrize(
    ("prepare", "said", "mend"),
    [
        ((), "no table config_flags", "CREATE TABLE config_flags"),
        (("CREATE TABLE config_flags (key text)",), "lacks the column value", "value jsonb"),
        (
            ("CREATE TABLE config_flags (key text, value text)",),
            "is text, not jsonb",
            "ALTER TABLE config_flags",
        ),
        (
            (FLAGS, "REVOKE UPDATE, INSERT ON config_flags FROM CURRENT_USER"),
            "lacks INSERT and UPDATE",
            "GRANT INSERT, UPDATE ON config_flags TO",
        ),
        (
            (FLAGS, "ALTER TABLE config_flags ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"),
            "Row-level security",
            "a policy",
        ),
    ],
)
def test_what_switches_need_is_named(
    project: Project, url: str, prepare: tuple[str, ...], said: str, mend: str
) -> None:
    sql(url, *prepare)
    switches = by_subject(project)["Switches"]
    assert switches.state != "passed"
    assert said in switches.sentence
    assert mend in switches.mend


def test_no_migration_table_is_not_taken_for_a_good_one(project: Project, url: str) -> None:
    assert by_subject(project)["Migrations"].state == "inconclusive"


def test_a_migration_table_that_may_not_be_read_is_said(project: Project, url: str) -> None:
    sql(url, "CREATE TABLE _prisma_migrations (id text)")
    sql(url, "REVOKE SELECT ON _prisma_migrations FROM CURRENT_USER")
    assert "may not read _prisma_migrations" in by_subject(project)["Migrations"].sentence


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://a:b@127.0.0.1:1/x", "nothing accepts connections"),
        ("postgresql://a:b@nowhere.invalid/x", "does not resolve"),
        ("not an address", "cannot be read; it should look like"),
        ("", "set APP_DATABASE_URL or APP_DATABASE_URL_FILE"),
    ],
)
def test_an_address_that_leads_nowhere_is_said(
    project: Project, monkeypatch: pytest.MonkeyPatch, address: str, said: str
) -> None:
    monkeypatch.setenv("APP_DATABASE_URL", address)
    (finding,) = found(project, "app-database")
    assert said in finding.sentence
    assert "APP_DATABASE_URL" in finding.mend


@pytest.mark.parametrize("change", ["password", "database"])
def test_who_is_not_let_in_is_told_why(
    project: Project, own_url: str, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    head, _, tail = own_url.rpartition("@")
    other = {
        "password": f"{head.rpartition(':')[0]}:wrong@{tail}",
        "database": own_url.replace("/app_", "/none_"),
    }[change]
    monkeypatch.setenv("APP_DATABASE_URL", other)
    (finding,) = found(project, "app-database")
    assert finding.state == "failed"
    assert "wrong" not in finding.sentence


def test_what_is_no_postgresql_is_said(
    project: Project, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APP_DATABASE_URL", f"postgresql://a:b@127.0.0.1:{stub.port}/x")
    stub.otherwise = lambda _seen: raw(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    (finding,) = found(project, "app-database")
    assert finding.state != "passed"
    assert "APP_DATABASE_URL" in finding.mend
