"""Deliveries: derived from what went live, with the lead times of what came with it."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from agentmesh_release.core import events, operations
from agentmesh_release.core.models import Reaction
from releases.metrics import deliveries
from releases.metrics.lead_times import bucket_of
from releases.models import Activation, Commit, Delivery, Release
from releases.production import going_live
from tests.releases.conftest import NEW_SHA, OLD_SHA, Api

pytestmark = pytest.mark.django_db


def commit(api: Api, release: Release | None, at: datetime) -> None:
    number = Commit.objects.count() + 1
    Commit.objects.create(
        project=api.project, sha=f"{number:040x}", position=number, release=release,
        author_name="Ada", committed_at=at, message="feat: x", subject="feat: x",
    )  # fmt: skip


def goes_live(api: Api, release: Release, origin: str = "promotion", after_min: int = 0) -> None:
    with operations.environment_lock(api.production.key):
        going_live.record(
            api.production,
            vercel_id=f"dpl_{release.version}_{after_min}",
            sha=release.commit_sha,
            origin=origin,
            by="Ben",
            now=timezone.now() + timedelta(minutes=after_min),
        )


def derived() -> list[Delivery]:
    for reaction in Reaction.objects.filter(state="due"):
        events.react(reaction.pk)
    return list(Delivery.objects.order_by("at"))


def test_what_was_found_live_is_no_deployment(api: Api) -> None:
    assert deliveries.refresh(api.project) == 0


def test_a_promotion_is_counted_with_the_lead_times_of_its_commits(api: Api) -> None:
    commit(api, api.new, timezone.now() - timedelta(hours=5))
    commit(api, api.new, timezone.now() - timedelta(days=2))
    commit(api, api.old, timezone.now() - timedelta(days=9))
    commit(api, None, timezone.now())
    goes_live(api, api.new)
    (delivery,) = derived()
    assert delivery.commits == 2
    assert delivery.lead_buckets == [bucket_of(5 * 3600), bucket_of(2 * 86_400)]


def test_commits_of_releases_that_never_ran_come_with_the_next(api: Api) -> None:
    between = Release.objects.create(
        project=api.project, version="1.0.5", precedence=api.new.precedence[:-1] + "!",
        tag="v1.0.5", commit_sha="c" * 40, state="tagged", released_at=timezone.now(),
    )  # fmt: skip
    assert api.old.precedence < between.precedence < api.new.precedence
    commit(api, between, timezone.now() - timedelta(hours=5))
    goes_live(api, api.new)
    assert derived()[0].commits == 1


def test_a_rollback_makes_the_change_before_it_a_failed_one(api: Api) -> None:
    goes_live(api, api.new)
    goes_live(api, api.old, "rollback", after_min=10)
    failed, rollback = derived()
    assert (failed.failed_by, failed.restored_at) == ("rollback", rollback.at)
    assert (rollback.kind, rollback.rework, rollback.commits) == ("rollback", "rollback", 0)


def test_deriving_again_changes_nothing(api: Api) -> None:
    commit(api, api.new, timezone.now() - timedelta(hours=5))
    goes_live(api, api.new)
    goes_live(api, api.old, "rollback", after_min=10)
    before = [each.__dict__ | {"_state": None} for each in derived()]
    assert deliveries.refresh(api.project) == 2
    assert [each.__dict__ | {"_state": None} for each in derived()] == before


def test_what_went_live_outside_counts_without_lead_times(api: Api) -> None:
    with operations.environment_lock(api.production.key):
        going_live.record_outside(
            api.production, vercel_id="dpl_x", sha="e" * 40, now=timezone.now()
        )
    (delivery,) = derived()
    assert (delivery.kind, delivery.commits) == ("change", 0)
    assert Activation.objects.filter(sha__in=[OLD_SHA, NEW_SHA]).count() == 1
