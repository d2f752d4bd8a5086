"""The switches of the seed: API kill switch, database kill switch, maintenance mode."""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from agentmesh_release.core import audit, events, live, times
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.leases import ClockTimestamp
from agentmesh_release.core.refusals import Refused
from agentmesh_release.core.text import storable
from agentmesh_release.core.transitions import Stateful, from_to

from ..catalogue import MAINTENANCE, WORDINGS, Position, Wording
from .confirmation import Confirmation
from .flip import Flip

LONGEST_REASON = 500


class Switch(Stateful):
    """What is wanted of one switch; targets receive it (`Confirmation` is what they say).

    `state` is that of the thing it holds: off means that the API, writes, or the product for its
    visitors are off. Off is cheap, on is guarded (DESIGN, invariant 8). `number` counts its flips.
    """

    class State(models.TextChoices):
        ON = "on", "On"
        OFF = "off", "Off"

    TRANSITIONS: ClassVar = {
        "off": from_to({State.ON, State.OFF}, State.OFF),
        "on": from_to({State.OFF, State.ON}, State.ON),
    }
    NOUN = "switch"

    key = models.CharField(max_length=40, unique=True)
    state = models.CharField(max_length=3, choices=State, default=State.ON)
    number = models.PositiveBigIntegerField(default=0)
    since = models.DateTimeField(db_default=ClockTimestamp())
    by = models.CharField(max_length=150, blank=True)
    why = models.TextField(blank=True)
    heading = models.CharField(max_length=120, blank=True)
    message = models.CharField(max_length=1000, blank=True)
    link = models.URLField(max_length=300, blank=True)
    message_number = models.PositiveBigIntegerField(default=0)
    message_at = models.DateTimeField(null=True)
    message_by = models.CharField(max_length=150, blank=True)

    # Whether a target says otherwise; known where `switches.in_order` read it.
    is_doubted: bool = False

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    key__in=["api_kill_switch", "database_kill_switch", "maintenance_mode"]
                ),
                name="switch_key_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["on", "off"]), name="switch_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(key="maintenance_mode")
                | models.Q(heading="", message="", link=""),
                name="switch_message_of_maintenance_only",
            ),
            models.CheckConstraint(
                condition=models.Q(state="on") | ~models.Q(key="maintenance_mode", message=""),
                name="switch_shows_no_empty_message",
            ),
            models.CheckConstraint(
                condition=models.Q(number=0) | (~models.Q(by="") & ~models.Q(why="")),
                name="switch_flipped_by_and_why",
            ),
        ]

    def __str__(self) -> str:
        return self.wording.name

    @property
    def wording(self) -> Wording:
        return WORDINGS[self.key]

    @property
    def is_off(self) -> bool:
        return self.state == self.State.OFF

    @property
    def position(self) -> Position:
        """The words for how it stands now."""
        return self.wording.position(is_off=self.is_off)

    @property
    def wanted(self) -> dict[str, Any]:
        """The value that targets hold for it (seed: *Feature Flag Rollback*)."""
        if self.key != MAINTENANCE:
            return {"enabled": self.is_off}
        shown = {"heading": self.heading, "message": self.message, "link": self.link}
        return {"enabled": self.is_off} | {name: text for name, text in shown.items() if text}

    @property
    def subject(self) -> str:
        return f"switch:{self.key}"

    def topics(self) -> tuple[str, ...]:
        return ("switches", "overview", "status")

    @property
    def newest_flip(self) -> Flip | None:
        """What brought it where it stands; None when it was never flipped."""
        return self.flips.filter(number=self.number).first()

    def turn_off(self, *, by: Actor, reason: str) -> Flip:
        """Off is cheap: one permitted person and a reason; no gate, freeze or operation asks.

        Raises Refused: `reason_missing`, `no_message`, `already`.
        """
        return self._flip("off", by=by, reason=reason)

    def turn_on(self, *, by: Actor, reason: str, mended: bool) -> Flip:
        """On is guarded: a reason, and the tick that the switch's policy asks for.

        Raises Refused: `reason_missing`, `not_mended`, `already`.
        """
        if self.wording.tick and not mended and self.is_off:
            told = self.wording.tick[0].lower() + self.wording.tick[1:]
            raise Refused("not_mended", f"Confirm this first (mended): {told}.", status=422)
        return self._flip("on", by=by, reason=reason)

    def save_message(
        self, *, by: Actor, heading: str, message: str, link: str, seen: int | None = None
    ) -> Flip | None:
        """Save what visitors are told in maintenance; shown, it goes to the targets at once
        (then the answer is that flip).

        `seen` is the number of the message that the person saw. Raises Refused: `not_here`,
        `message_missing`, `message_changed`.
        """
        flip = None
        with self.door() as locked:
            locked._require_message(heading, message, seen)
            locked.heading, locked.message, locked.link = (
                storable(text.strip()) for text in (heading, message, link)
            )
            locked.message_number += 1
            locked.message_at, locked.message_by = timezone.now(), by.name
            if locked.is_off:
                flip = locked._record("message", by, "")
            locked.save()
            audit.record(
                "switch.message",
                actor=by,
                subject=locked.subject,
                label=str(locked),
                data=locked.wanted,
            )
            live.stale(*locked.topics())
        return flip

    def _flip(self, verb: str, *, by: Actor, reason: str) -> Flip:
        reason = storable(reason.strip())[:LONGEST_REASON]
        if not reason:
            raise Refused(
                "reason_missing",
                "Say why in a few words: it goes onto the timeline and into the audit log.",
                status=422,
            )
        with self.door() as locked:
            locked._require_change(verb)
            flip = locked._record(verb, by, reason)
            locked.move(
                verb,
                actor=by,
                reason=reason,
                data={"flip": flip.number},
                number=flip.number,
                since=flip.at,
                by=by.name,
                why=reason,
            )
            events.publish("switch.flipped", locked._told(by))
        return flip

    def _record(self, act: str, by: Actor, reason: str) -> Flip:
        """Write the flip down and owe it to every target; earlier unfinished ones are overtaken."""
        self.number += 1
        self.flips.filter(confirmed_at=None, overtaken_at=None).update(
            overtaken_at=ClockTimestamp()
        )
        self.confirmations.update(
            state=Confirmation.State.OWED,
            number=self.number,
            due_at=ClockTimestamp(),
            attempts=0,
            agrees=False,
            error="",
            confirmed_at=None,
            differs_since=None,
        )
        return self.flips.create(number=self.number, act=act, by=by.name, reason=reason)

    def _require_change(self, verb: str) -> None:
        if verb == "off" and self.key == MAINTENANCE and not self.message:
            raise Refused(
                "no_message", "Save a message first: it is what visitors see instead.", status=422
            )
        differs = self.confirmations.filter(
            state=Confirmation.State.SETTLED, read_at__isnull=False, agrees=False
        )
        if self.state == verb and not differs.exists():
            raise Refused("already", self._already())

    def _require_message(self, heading: str, message: str, seen: int | None) -> None:
        if self.key != MAINTENANCE:
            raise Refused("not_here", "Only maintenance mode has a message.")
        if not heading.strip() or not message.strip():
            raise Refused(
                "message_missing", "Write a heading and a message for visitors.", status=422
            )
        if seen is not None and seen != self.message_number:
            raise Refused(
                "message_changed",
                f"{self.message_by} saved another message meanwhile, so yours was not saved. "
                "Read it below, then save yours again.",
            )

    def _already(self) -> str:
        if not self.number:
            return f"{self.position.statement} already. Nothing was changed."
        ago = times.age(self.since, timezone.now(), ago=True)
        return (
            f"{self.position.statement} already, by {self.by} ({ago}): “{self.why}” "
            "Nothing was changed."
        )

    def _told(self, by: Actor) -> dict[str, Any]:
        return {
            "key": self.key,
            "is_off": self.is_off,
            "label": self.position.label,
            "statement": self.position.statement,
            "by": by.name,
            "reason": self.why,
            "at": self.since.isoformat(),
            "flip": self.number,
        }
