"""Rolling back: no gate asked, what runs is taken over, a hold afterwards."""

import pytest
from django.utils import timezone

from agentmesh_release.core import operations
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import Event, User
from agentmesh_release.core.refusals import Refused
from releases.models import Activation, Deployment, Environment, Hold, Promotion, Release, Rollback
from releases.production import going_live
from releases.production.way_back import ways_back

from .conftest import NEW_SHA, OLD_SHA, Api, execute

pytestmark = pytest.mark.django_db(transaction=True)


def roll_back(api: Api, by: User, to: Release | None = None) -> Rollback:
    return Rollback.start(
        to or api.old,
        api.production,
        by=Actor.person(by),
        reason="errors",
        now=timezone.now(),
    )


def go_live(api: Api) -> None:
    with operations.environment_lock(api.production.key):
        going_live.record(
            api.production,
            vercel_id="dpl_1.1.0",
            sha=NEW_SHA,
            origin=Activation.Origin.PROMOTION,
            by="Ben",
            now=timezone.now(),
        )


def test_it_goes_back_past_every_gate(api: Api, cleo: User) -> None:
    go_live(api)
    api.ci("failed")
    Environment.objects.update(assigns_by_itself=True)
    rollback = roll_back(api, cleo)
    assert rollback.operation is not None
    assert rollback.operation.state == "running"
    assert (rollback.bad_release, rollback.bad_sha) == (api.new, NEW_SHA)
    assert rollback.plan["build"] == "dpl_1.0.0"


def test_it_takes_over_a_running_promotion(api: Api, ada: User, ben: User, cleo: User) -> None:
    promotion = api.approved(ada, ben)
    execute(promotion, ben)
    rollback = roll_back(api, cleo)
    promotion = Promotion.objects.get(pk=promotion.pk)
    assert promotion.state == "superseded"
    assert promotion.operation is not None
    assert promotion.operation.state == "superseded"
    assert rollback.bad_sha == NEW_SHA


def test_another_rollback_takes_over_the_first(api: Api, ada: User, cleo: User) -> None:
    api.build(api.new, "PROMOTED", "dpl_new_live")
    first = roll_back(api, ada, api.new)
    second = roll_back(api, cleo, api.old)
    first.refresh_from_db()
    assert (first.state, second.state) == ("superseded", "running")


def test_the_same_rollback_is_not_started_twice(api: Api, ada: User, cleo: User) -> None:
    go_live(api)
    roll_back(api, cleo)
    with pytest.raises(Refused, match=r"Cleo is rolling back to v1\.0\.0 already"):
        roll_back(api, ada)


def test_there_is_no_way_back_to_what_is_live(api: Api, cleo: User) -> None:
    with pytest.raises(Refused, match="live already"):
        roll_back(api, cleo)


def test_there_is_no_way_back_to_a_build_that_was_never_live(api: Api, cleo: User) -> None:
    with pytest.raises(Refused, match="nothing to go back to"):
        roll_back(api, cleo, api.new)


def test_others_hear_of_it(api: Api, cleo: User) -> None:
    go_live(api)
    roll_back(api, cleo)
    told = Event.objects.get(name="rollback.started").payload
    assert (told["by"], told["from"], told["to"]) == ("Cleo", "v1.1.0", "v1.0.0")


def test_the_way_back_is_the_newest_earlier_release_that_was_live(api: Api) -> None:
    assert list(ways_back(api.new)) == [api.old]
    Deployment.objects.filter(sha=OLD_SHA).update(substate="STAGED")
    assert list(ways_back(api.new)) == []


def test_a_change_outside_is_recorded_and_holds(api: Api) -> None:
    with operations.environment_lock(api.production.key):
        going_live.record_outside(
            api.production, vercel_id="dpl_foreign", sha="c" * 40, now=timezone.now()
        )
    live = Activation.objects.live().get()
    assert (live.origin, live.is_outside) == ("outside", True)
    assert Hold.objects.standing().get().bad_sha == "c" * 40


def test_adopting_lifts_the_hold(api: Api, cleo: User) -> None:
    with operations.environment_lock(api.production.key):
        going_live.record_outside(
            api.production, vercel_id="dpl_foreign", sha="c" * 40, now=timezone.now()
        )
        live = Activation.objects.live().get()
        going_live.adopt(live, by=Actor.person(cleo), reason="hotfix", now=timezone.now())
    live.refresh_from_db()
    assert not live.is_outside
    assert not Hold.objects.standing().exists()


def test_recording_the_same_twice_changes_nothing(api: Api) -> None:
    go_live(api)
    go_live(api)
    assert Activation.objects.live().count() == 1
    assert Activation.objects.filter(release=api.new).count() == 1
