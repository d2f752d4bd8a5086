"""Reading targets back: what agrees, what drifts, what is silent, what is ours to repair."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agentmesh_release.core import polls
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.leases import ClockTimestamp
from agentmesh_release.core.models import AuditEvent, Poll
from flags.catalogue import API, DATABASE
from flags.models import Confirmation, Switch, Target
from flags.proofs import FRESH_FOR, Proof, proof
from flags.readings import _note, read_target
from flags.writing import tell

from .conftest import URL_NAME, App

CLEO = Actor("person", "Cleo", 3)

pytestmark = pytest.mark.django_db(transaction=True)


def of(switch: Switch) -> Confirmation:
    return Confirmation.objects.get(switch=switch)


def shown(switch: Switch) -> Proof:
    switch.refresh_from_db()
    return proof(switch, of(switch), timezone.now())


def long_ago() -> None:
    """The last flip was confirmed long ago."""
    Confirmation.objects.update(confirmed_at=ClockTimestamp() - timedelta(minutes=5))


def test_nothing_is_confirmed_before_it_was_read(app: App, target: Target, api: Switch) -> None:
    assert shown(api).state == "pending"


def test_a_reading_that_agrees_confirms(app: App, target: Target, api: Switch) -> None:
    read_target(URL_NAME)
    assert (shown(api).state, shown(api).word) == ("confirmed", "On")
    assert of(api).read_at is not None


def test_it_is_polled_from_its_setup_on(app: App, target: Target, api: Switch) -> None:
    polls.run(Poll.objects.get(kind="switches", scope=URL_NAME).pk)
    assert of(api).agrees


def test_an_old_reading_confirms_nothing(app: App, target: Target, api: Switch) -> None:
    read_target(URL_NAME)
    Confirmation.objects.update(read_at=timezone.now() - FRESH_FOR - timedelta(seconds=5))
    assert (shown(api).state, shown(api).word) == ("stale", "Not read")
    assert "does not count" in shown(api).sentence


def test_a_silent_target_keeps_its_last_reading_and_its_age(
    app: App, target: Target, api: Switch, silence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_target(URL_NAME)
    before = of(api).read_at
    monkeypatch.setenv(URL_NAME, silence)
    read_target(URL_NAME)
    assert of(api).read_at == before
    assert "1.5 s" in of(api).error
    monkeypatch.setenv(URL_NAME, app.url)
    read_target(URL_NAME)
    assert of(api).error == ""


def test_what_somebody_changed_there_is_drift(app: App, target: Target, api: Switch) -> None:
    tell(api.turn_off(by=CLEO, reason="5xx"))
    long_ago()
    app.set(API, {"enabled": False})
    read_target(URL_NAME)
    assert (shown(api).state, shown(api).word, shown(api).needs) == ("drift", "Says on", "off")
    assert app.value(API) == {"enabled": False}


def test_drift_is_audited_once(app: App, target: Target, api: Switch) -> None:
    read_target(URL_NAME)
    app.set(API, {"enabled": True})
    read_target(URL_NAME)
    since = of(api).differs_since
    read_target(URL_NAME)
    event = AuditEvent.objects.get(verb="switch.drift")
    assert event.actor == "system:switch-poll"
    assert event.data["says"] == {"enabled": True}
    assert of(api).differs_since == since


def test_drift_ends_when_the_target_agrees_again(app: App, target: Target, api: Switch) -> None:
    app.set(API, {"enabled": True})
    read_target(URL_NAME)
    app.set(API, {"enabled": False})
    read_target(URL_NAME)
    assert (shown(api).state, of(api).differs_since) == ("confirmed", None)


def test_drift_is_mended_by_flipping_again(app: App, target: Target, api: Switch) -> None:
    tell(api.turn_off(by=CLEO, reason="5xx"))
    long_ago()
    app.set(API, {"enabled": False})
    read_target(URL_NAME)
    tell(api.turn_off(by=CLEO, reason="Off, whoever turned it on there."))
    assert app.value(API) == {"enabled": True}
    assert shown(api).state == "confirmed"


def test_turning_off_what_is_off_there_adopts_it(app: App, target: Target, api: Switch) -> None:
    app.set(API, {"enabled": True})
    read_target(URL_NAME)
    assert tell(api.turn_off(by=CLEO, reason="By hand, by me.")).confirmed_at is not None


def test_what_a_late_writer_undid_is_repaired(app: App, target: Target, api: Switch) -> None:
    tell(api.turn_off(by=CLEO, reason="5xx"))
    app.set(API, {"enabled": False})  # within the seconds in which it may have been one of ours
    read_target(URL_NAME)
    assert of(api).is_owed


def test_a_reading_asked_for_before_a_flip_says_nothing_about_it(
    app: App, target: Target, api: Switch
) -> None:
    read_target(URL_NAME)
    seen = of(api)
    api.turn_off(by=CLEO, reason="5xx")
    _note(seen, {"enabled": False}, timezone.now())
    assert of(api).is_owed


@pytest.mark.parametrize("value", [None, [], "on", {"enabled": "yes"}, {"on": True}])
def test_a_value_that_says_nothing_is_inconclusive(
    app: App, target: Target, api: Switch, value: object
) -> None:
    app.set(API, value)
    read_target(URL_NAME)
    assert (shown(api).state, shown(api).word) == ("inconclusive", "Says nothing")


def test_a_missing_row_is_inconclusive(
    app: App, target: Target, api: Switch, writes: Switch
) -> None:
    app.run("DELETE FROM app.config_flags WHERE key = %s", API)
    read_target(URL_NAME)
    assert shown(api).state == "inconclusive"
    assert shown(writes).state == "confirmed"


def test_a_missing_table_is_said(app: App, target: Target, writes: Switch) -> None:
    app.run("DROP TABLE app.config_flags")
    read_target(URL_NAME)
    assert "no table config_flags" in shown(writes).sentence


def test_a_hidden_message_that_differs_there_is_no_drift(
    app: App, target: Target, maintenance: Switch
) -> None:
    app.set("maintenance_mode", {"enabled": False, "message": "An old one"})
    read_target(URL_NAME)
    assert (shown(maintenance).state, shown(maintenance).word) == ("confirmed", "Hidden")


def test_an_unknown_target_is_left_alone(app: App) -> None:
    assert read_target("NOBODY_KNOWS_IT") == 3_600


def test_both_switches_are_read_at_once(app: App, target: Target) -> None:
    app.set(DATABASE, {"enabled": True})
    read_target(URL_NAME)
    assert Confirmation.objects.filter(agrees=True).count() == 2
