"""The metrics pages: figures with their period, what is unknown, projects side by side."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from agentmesh_release.core.models import User
from releases.metrics.measures import MEASURES
from releases.models import Activation, Delivery, Environment, Project
from tests.cast import signed_in
from tests.releases.conftest import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(sam: User) -> Client:
    return signed_in(sam)


def delivered(api: Api, days_ago: float, **facts: object) -> Delivery:
    at = timezone.now() - timedelta(days=days_ago)
    lived = Activation.objects.create(
        environment=api.production, release=api.old, vercel_id="x", origin="promotion",
        since=at, until=at + timedelta(hours=1),
    )  # fmt: skip
    kept = {"kind": "change", "commits": 1, "lead_buckets": [40], "lead_counts": [1], **facts}
    return Delivery.objects.create(activation=lived, project=api.project, at=at, **kept)


def failed(api: Api, days_ago: float) -> Delivery:
    at = timezone.now() - timedelta(days=days_ago)
    facts = {"broken_at": at, "restored_at": at + timedelta(minutes=30)}
    return delivered(api, days_ago, failed_by="rollback", **facts)


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_a_project_that_nobody_watched_says_so_and_draws_nothing(reader: Client) -> None:
    Project.objects.create(slug="web", name="web", repository="demo/web")
    shown = text(reader, "/projects/web/metrics/")
    assert "Nothing went live yet" in shown
    assert "0.0 a week" not in shown
    assert '<svg class="columns-plot"' not in shown


def test_it_counts_what_failed_among_the_changes(api: Api, reader: Client) -> None:
    delivered(api, 3)
    failed(api, 2)
    shown = text(reader, "/projects/api/metrics/?period=28d")
    assert "2 deployments to production in 28 days" in shown
    assert "50.0 %" in shown
    assert "30 min" in shown
    assert "Rolled back" in shown


def test_the_period_is_in_the_address(api: Api, reader: Client) -> None:
    delivered(api, 60)
    delivered(api, 3)
    assert "1 deployment to production in 28 days" in text(reader, "/metrics/?period=28d")
    assert "2 deployments to production in 90 days" in text(reader, "/metrics/?period=90d")
    assert "in 90 days" in text(reader, "/metrics/?period=nonsense")


def test_the_change_against_the_period_before_is_said(api: Api, reader: Client) -> None:
    delivered(api, 80)
    failed(api, 50)
    failed(api, 40)
    delivered(api, 3)
    assert "100 % before, better now" in text(reader, "/projects/api/metrics/?period=28d")


def test_what_was_not_watched_is_unknown_and_never_zero(api: Api, reader: Client) -> None:
    delivered(api, 3)
    shown = text(reader, "/projects/api/metrics/?period=90d")
    assert "not known before" in shown
    assert "not watched throughout the weeks that are dashed" in shown


def test_less_than_a_week_gives_no_rate(api: Api, reader: Client) -> None:
    delivered(api, 3)
    shown = text(reader, "/projects/api/metrics/?period=28d")
    assert "no full week yet" in shown
    assert "1 in all" in shown
    assert "a week<" not in shown


def test_the_week_in_which_watching_began_shows_what_was_delivered(
    api: Api, reader: Client
) -> None:
    delivered(api, 3)
    weeks = text(reader, "/projects/api/metrics/?period=28d").split("tbody>")[1]
    assert weeks.count("not known") == 3 * len(MEASURES)


def test_projects_are_sorted_by_a_measure_and_what_has_none_comes_last(
    api: Api, reader: Client
) -> None:
    delivered(api, 3)
    delivered(beside(api, "idle"), 3, lead_buckets=[], lead_counts=[])
    delivered(beside(api, "quick"), 3, lead_buckets=[20])
    for sort, order in (("lead", ["quick", "api", "idle"]), ("-lead", ["api", "quick", "idle"])):
        rows = text(reader, f"/metrics/?sort={sort}").split("<tbody>")[-1]
        assert re.findall(r">(api|quick|idle)</a>", rows) == order


def beside(api: Api, name: str) -> Api:
    """Another project with a production of its own."""
    other = Project.objects.create(slug=name, name=name, repository=f"demo/{name}")
    production = Environment.objects.create(project=other, kind="production")
    return Api(other, production, api.old, api.new)
