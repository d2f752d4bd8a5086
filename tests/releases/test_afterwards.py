"""What became of a release, told at its changelog."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import User
from flags import switches
from flags.models import Flip, Switch
from releases.models import Release, Rollback
from releases.readers import afterwards
from tests.cast import signed_in
from tests.releases.conftest import Api

pytestmark = pytest.mark.django_db


def told(release: Release) -> list[tuple[str, str]]:
    """What is told of it, and why, newest first."""
    rows = {"rollback_rows": afterwards.rollbacks(), "flip_rows": afterwards.flips()}
    found = Release.objects.annotate(**rows).get(pk=release.pk)
    return [(event.word, event.because) for event in afterwards.of(found)]


def flip(key: str, act: str, reason: str, hours_ago: float = 0) -> None:
    switches.ensure()
    switch = Switch.objects.get(key=key)
    Flip.objects.create(
        switch=switch,
        number=switch.flips.count() + 1,
        act=act,
        by="Cleo",
        reason=reason,
        at=timezone.now() - timedelta(hours=hours_ago),
    )


def test_a_release_that_runs_well_has_nothing_told(api: Api) -> None:
    assert told(api.old) == []


def test_switches_flipped_while_it_was_live_are_told(api: Api) -> None:
    flip("api_kill_switch", "off", "Before its time.", hours_ago=5)
    flip("api_kill_switch", "off", "Errors.")
    flip("maintenance_mode", "message", "")
    flip("api_kill_switch", "on", "Mended.")
    assert told(api.old) == [("API on again", "Mended."), ("API off", "Errors.")]
    assert told(api.new) == []


def test_what_was_switched_after_it_is_told_of_the_next_one(api: Api) -> None:
    live = api.old.activations.get()
    live.until = timezone.now() - timedelta(minutes=1)
    live.save()
    flip("api_kill_switch", "off", "Errors.")
    assert told(api.old) == []


def test_a_rollback_is_told_with_who_and_why(api: Api, cleo: User, sam: User) -> None:
    Rollback.objects.create(
        environment=api.production,
        release=api.old,
        bad_release=api.new,
        state="done",
        requested_by="Cleo",
        reason="p95 <doubled>",
    )
    assert told(api.new) == [("Rolled back", "p95 <doubled>")]
    page = signed_in(sam).get(reverse("release", args=["api", "1.1.0"])).content.decode()
    at_changelog = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "Since it went out Rolled back to v1.0.0," in at_changelog
    assert ", by Cleo “ p95 &lt;doubled&gt; ”" in at_changelog


def test_one_that_failed_is_no_rollback(api: Api, cleo: User) -> None:
    Rollback.objects.create(
        environment=api.production, release=api.old, bad_release=api.new, state="failed",
        requested_by=Actor.person(cleo).name, reason="x",
    )  # fmt: skip
    assert told(api.new) == []
