"""API tokens: what programs identify themselves with."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from ..actors import Actor
from ..transitions import Stateful, from_to
from .membership import roles_granted
from .user import User

LONGEST_LIFE = timedelta(days=365)
LONGEST_NAME = 60
# A token that is used a thousand times a minute is written down once.
USE_NOTED_EVERY = timedelta(minutes=1)


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def live(self, now: datetime) -> Self:
        """Neither revoked nor expired."""
        return self.filter(state=ApiToken.State.ACTIVE, expires_at__gt=now)

    def with_owners(self) -> Self:
        """With their owners, who come with their roles."""
        return self.select_related("owner").annotate(granted=roles_granted("owner"))


class ApiToken(Stateful):
    """One program's way in, on behalf of `owner`: in one project (`scope`), or in all of theirs.

    Only a hash of the text is kept; `handle` is the part of it by which people and we find it.
    """

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        REVOKED = "revoked", "Revoked"

    NOUN = "api_token"
    TRANSITIONS: ClassVar = {"revoke": from_to({State.ACTIVE}, State.REVOKED)}

    name = models.CharField(max_length=LONGEST_NAME)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    scope = models.SlugField(max_length=80, blank=True)
    rights = ArrayField(models.CharField(max_length=40))
    handle = models.CharField(max_length=8, unique=True)
    secret_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=7, choices=State, default=State.ACTIVE)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=150, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["active", "revoked"]),
                name="api_token_state_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    expires_at__lte=models.F("created_at") + models.Value(timedelta(days=366))
                ),
                name="api_token_ends_within_a_year",
            ),
            models.CheckConstraint(
                condition=models.Q(rights__len__gte=1), name="api_token_is_good_for_something"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def hint(self) -> str:
        """How people recognise it: its beginning."""
        return f"amr_{self.handle}…"

    @property
    def audit_place(self) -> dict[str, str]:
        return {"label": f"{self.name} ({self.hint})", "scope": self.scope}

    @property
    def actor(self) -> Actor:
        return Actor.token(self.name, self.owner)

    @property
    def is_revoked(self) -> bool:
        return self.state == self.State.REVOKED

    def is_expired(self, now: datetime) -> bool:
        return self.expires_at <= now

    def revoke(self, *, by: Actor, reason: str, now: datetime) -> None:
        """Make it worthless, at once and for ever. Raises Refused (`not_now`)."""
        with self.door() as token:
            token.move("revoke", actor=by, reason=reason, revoked_at=now, revoked_by=by.name)

    def note_use(self, now: datetime) -> None:
        """Remember that it was used, to the minute."""
        if self.last_used_at and now - self.last_used_at < USE_NOTED_EVERY:
            return
        type(self).objects.filter(pk=self.pk).update(last_used_at=now)
