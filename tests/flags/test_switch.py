"""The verbs of a switch: what is wanted, who wants it, and what is refused."""

import pytest
from django.db import IntegrityError, transaction

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import AuditEvent, Event
from agentmesh_release.core.refusals import Refused
from flags import switches
from flags.models import Confirmation, Flip, Switch, Target
from tests.at_once import at_once

ADA = Actor("person", "Ada", 1)
CLEO = Actor("person", "Cleo", 3)


def test_it_turns_off_with_a_reason(api: Switch) -> None:
    api.turn_off(by=CLEO, reason=" Runs start twice. ")
    assert (api.is_off, api.by, api.why, api.number) == (True, "Cleo", "Runs start twice.", 1)


def test_it_writes_who_and_why_into_the_audit_log(api: Switch) -> None:
    api.turn_off(by=CLEO, reason="Runs start twice.")
    event = AuditEvent.objects.get(verb="switch.off")
    assert (event.actor, event.reason, event.subject, event.label) == (
        "Cleo",
        "Runs start twice.",
        "switch:api_kill_switch",
        "API kill switch",
    )


def test_it_tells_the_other_apps(writes: Switch) -> None:
    writes.turn_off(by=CLEO, reason="Runs start twice.")
    told = Event.objects.get(name="switch.flipped").payload
    assert told["key"] == "database_kill_switch"
    assert told["is_off"] is True
    assert (told["label"], told["by"], told["flip"]) == ("Database writes off", "Cleo", 1)


@pytest.mark.parametrize("reason", ["", "   ", "\n\t"])
def test_it_refuses_without_a_reason(api: Switch, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        api.turn_off(by=CLEO, reason=reason)
    assert refused.value.code == "reason_missing"
    api.refresh_from_db()
    assert not api.is_off
    assert not AuditEvent.objects.filter(verb="switch.off").exists()


def test_the_second_who_turns_it_off_reads_who_did(api: Switch) -> None:
    api.turn_off(by=CLEO, reason="Runs start twice.")
    with pytest.raises(Refused, match=r"The API is off already, by Cleo .* “Runs start twice.”"):
        api.turn_off(by=ADA, reason="5xx everywhere")


def test_turning_on_asks_for_the_tick_of_its_policy(api: Switch) -> None:
    api.turn_off(by=CLEO, reason="Drill.")
    with pytest.raises(Refused) as refused:
        api.turn_on(by=CLEO, reason="Drill finished.", mended=False)
    assert refused.value.code == "not_mended"
    api.turn_on(by=CLEO, reason="Drill finished.", mended=True)
    assert not api.is_off


def test_hiding_the_maintenance_page_asks_for_a_reason_only(maintenance: Switch) -> None:
    maintenance.turn_off(by=ADA, reason="PostgreSQL upgrade.")
    maintenance.turn_on(by=ADA, reason="Upgrade done.", mended=False)
    assert not maintenance.is_off


def test_maintenance_is_not_shown_without_a_message(maintenance: Switch) -> None:
    Switch.objects.filter(pk=maintenance.pk).update(message="")
    with pytest.raises(Refused) as refused:
        maintenance.turn_off(by=ADA, reason="Upgrade.")
    assert refused.value.code == "no_message"


def test_the_values_are_those_of_the_seed(api: Switch, maintenance: Switch) -> None:
    assert api.wanted == {"enabled": False}
    api.turn_off(by=CLEO, reason="Drill.")
    maintenance.save_message(by=ADA, heading="Soon back", message="Rolling back", link="")
    maintenance.turn_off(by=ADA, reason="Rollback.")
    assert api.wanted == {"enabled": True}
    assert maintenance.wanted == {
        "enabled": True,
        "heading": "Soon back",
        "message": "Rolling back",
    }


def test_a_flip_overtakes_an_earlier_one_that_nobody_confirmed(api: Switch) -> None:
    first = api.turn_off(by=CLEO, reason="Drill.")
    second = api.turn_on(by=ADA, reason="Wrong button.", mended=True)
    first.refresh_from_db()
    assert first.overtaken_at is not None
    assert second.is_open


def test_a_flip_is_owed_to_every_target(api: Switch) -> None:
    target = Target.objects.create(name="config_flags", url_name="X")
    owed = Confirmation.objects.create(switch=api, target=target)
    api.turn_off(by=CLEO, reason="Drill.")
    owed.refresh_from_db()
    assert (owed.is_owed, owed.number) == (True, 1)


def test_hostile_reasons_are_kept_as_text(api: Switch) -> None:
    api.turn_off(by=CLEO, reason="\x00<script>alert(1)</script> \u202e" + "long " * 500)
    assert len(api.why) <= 500
    assert api.why.startswith("\ufffd<script>")


@pytest.mark.parametrize(
    "fields",
    [
        {"key": "another_switch"},
        {"state": "no"},
        {"message": "Only maintenance has one."},
        {"number": 1, "by": "", "why": ""},
    ],
)
def test_the_database_itself_refuses_what_cannot_be(api: Switch, fields: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Switch.objects.filter(pk=api.pk).update(**fields)


def test_the_database_refuses_a_flip_without_a_reason(api: Switch) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Flip.objects.create(switch=api, number=1, act="off", by="Cleo", reason="")


@pytest.mark.django_db(transaction=True)
def test_two_who_turn_it_off_at_once_make_one_flip() -> None:
    switches.ensure()
    one, two = (Switch.objects.get(key="api_kill_switch") for _ in range(2))
    ends = at_once(
        lambda: one.turn_off(by=ADA, reason="5xx"), lambda: two.turn_off(by=CLEO, reason="5xx")
    )
    assert ends.count("done") == 1
    assert any("off already" in end for end in ends), ends
    assert Flip.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_who_turns_off_and_one_who_turns_on_at_once_come_one_after_the_other() -> None:
    switches.ensure()
    one, two = (Switch.objects.get(key="api_kill_switch") for _ in range(2))
    one.turn_off(by=ADA, reason="5xx")
    at_once(
        lambda: one.turn_on(by=ADA, reason="Mended.", mended=True),
        lambda: two.turn_off(by=CLEO, reason="Still 5xx."),
    )
    newest = Flip.objects.order_by("-number").first()
    two.refresh_from_db()
    assert newest is not None
    assert (newest.number, newest.act) == (two.number, two.state)
