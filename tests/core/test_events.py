"""Events: published with the change they tell of, reacted to once by each subscriber."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from agentmesh_release.core import events
from agentmesh_release.core.models import Event, Heartbeat, Reaction

pytestmark = pytest.mark.django_db(transaction=True)


class Listener:
    """Subscribers of the event `kettle.boiled`; `fails` says how often the first still fails."""

    def __init__(self) -> None:
        self.fails = 0
        self.runs = 0

    def tea(self, event: Event) -> None:
        self.runs += 1
        Heartbeat.objects.create(part=f"tea {event.pk}", at=event.at)
        if self.fails:
            self.fails -= 1
            raise ZeroDivisionError("no cup")

    def cups(self) -> int:
        return Heartbeat.objects.filter(part__startswith="tea").count()


@pytest.fixture
def kitchen() -> Iterator[Listener]:
    listener = Listener()
    events.on("kettle.boiled")(listener.tea)
    yield listener
    del events._subscribers["kettle.boiled"]


def make_due() -> Reaction:
    Reaction.objects.update(due_at="2000-01-01T00:00Z")
    return Reaction.objects.get()


def test_a_subscriber_reacts(kitchen: Listener) -> None:
    events.publish("kettle.boiled", {})
    events.react(Reaction.objects.get().pk)
    assert (kitchen.cups(), Reaction.objects.get().state) == (1, "done")


def test_it_reacts_once_however_often_it_is_woken(kitchen: Listener) -> None:
    events.publish("kettle.boiled", {})
    for _ in range(3):
        events.react(Reaction.objects.get().pk)
    assert (kitchen.runs, kitchen.cups()) == (1, 1)


def test_what_a_failed_try_wrote_is_undone_and_tried_again(kitchen: Listener) -> None:
    kitchen.fails = 1
    events.publish("kettle.boiled", {})
    events.react(Reaction.objects.get().pk)
    assert (kitchen.cups(), make_due().attempts) == (0, 1)
    events.react(make_due().pk)
    assert (kitchen.cups(), make_due().state) == (1, "done")


def test_it_gives_up_in_the_end_and_says_why(kitchen: Listener) -> None:
    kitchen.fails = 100
    events.publish("kettle.boiled", {})
    for _ in range(events.MAX_ATTEMPTS):
        events.react(make_due().pk)
    reaction = Reaction.objects.get()
    assert (reaction.state, reaction.error) == ("failed", "ZeroDivisionError: no cup")


def test_an_event_of_a_change_that_is_undone_never_was(kitchen: Listener) -> None:
    with transaction.atomic():
        events.publish("kettle.boiled", {})
        transaction.set_rollback(True)
    assert not Event.objects.exists()
    assert not Reaction.objects.exists()


def test_nobody_listens_and_nothing_is_due() -> None:
    events.publish("kettle.broke", {"text": "\x00"})
    assert not Reaction.objects.exists()
