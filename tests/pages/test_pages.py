"""Every address that answers GET, for every role: it answers, within twelve queries."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agentmesh_release.core.models import Membership, Role, User
from releases.models import Project

from .addresses import VIEWS, url_of

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12
ANSWERS = {200, 302, 401, 403, 404, 405, 410}


def address(name: str, house: Mapping[str, Any]) -> str:
    own = {"rollback": "rollback", "known-issue-closing": "issue"}
    pk = house[own.get(name, "pk")]
    return url_of(name, **{**house, "pk": pk})


@pytest.mark.parametrize("name", VIEWS)
def test_it_answers_every_role_within_twelve_queries(
    full_house: Mapping[str, Any], name: str
) -> None:
    for role in Role.values:
        client = signed_in_as(role)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address(name, full_house))
        assert answer.status_code in ANSWERS
        sent = [query["sql"] for query in queries if not query["sql"].startswith("SAVEPOINT")]
        assert len(sent) <= MOST_QUERIES, "\n".join([role, *sent])


def signed_in_as(role: str) -> Client:
    """Somebody who has only that role, in a process that knows its world."""
    someone = User.objects.create_user(role, first_name="Someone")
    Membership.objects.create(user=someone, role=role)
    client = Client()
    client.force_login(someone)
    client.get("/more/")
    return client


@pytest.mark.parametrize("name", ["overview", "history", "audit", "incidents", "settings"])
def test_lists_ask_as_much_for_many_as_for_one(
    client: Client, full_house: Mapping[str, Any], ada: User, name: str
) -> None:
    client.force_login(ada)
    client.get("/")
    with CaptureQueriesContext(connection) as for_one:
        client.get(address(name, full_house))
    Project.objects.bulk_create(
        Project(slug=f"p{n}", name=f"p{n}", repository=f"demo/p{n}") for n in range(40)
    )
    with CaptureQueriesContext(connection) as for_many:
        assert client.get(address(name, full_house)).status_code == 200
    assert len(for_many) <= len(for_one)


def test_the_overview_shows_many_projects_a_page_at_a_time(
    client: Client, full_house: Mapping[str, Any], ada: User
) -> None:
    client.force_login(ada)
    Project.objects.bulk_create(
        Project(slug=f"p{n:03d}", name=f"p{n:03d}", repository=f"demo/p{n}") for n in range(100)
    )
    first = client.get("/").content.decode()
    assert "p038" in first
    assert "p039" not in first
    assert "101\N{NO-BREAK SPACE}projects" in first
    rest = client.get("/?after=p038").content.decode()
    assert "p039" in rest
    assert "p038" not in rest.replace("after=p038", "")
    assert "Only the first" not in rest


def test_the_overview_says_when_it_looks_at_some_projects_only(
    client: Client, full_house: Mapping[str, Any], ada: User
) -> None:
    client.force_login(ada)
    Project.objects.bulk_create(Project(slug=f"p{n}", name=f"p{n}") for n in range(200))
    assert "Only the first 200 projects are looked at" in client.get("/").content.decode()
