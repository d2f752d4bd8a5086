"""One-time links: how the first admin, and anyone without a password, gets in."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from . import audit
from .actors import Actor
from .models.sign_in_link import SignInLink
from .models.user import User
from .refusals import Refused

LIFETIME = timedelta(hours=24)


def issue(user: User, *, by: Actor, now: datetime) -> str:
    """Make a link for that person; answers its token, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        SignInLink.objects.create(user=user, token_hash=_hashed(token), expires_at=now + LIFETIME)
        audit.record("sign_in_link.issue", actor=by, subject=f"user:{user.pk}", label=user.name)
    return token


def find(token: str, now: datetime) -> SignInLink:
    """The link of that token while it works. Raises Refused (`link_over`)."""
    link = (
        SignInLink.objects.select_related("user")
        .filter(token_hash=_hashed(token), used_at=None, expires_at__gt=now, user__is_active=True)
        .first()
    )
    if link is None:
        raise Refused(
            "link_over",
            "This link was used already or has expired. An admin can make a new one.",
            status=410,
        )
    return link


def use(token: str, now: datetime) -> User:
    """Use the link up. Raises Refused (`link_over`), also for the second of two at once."""
    link = find(token, now)
    with transaction.atomic():
        if not SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now):
            return find(token, now).user
        audit.record(
            "sign_in_link.use",
            actor=Actor.person(link.user),
            subject=f"user:{link.user_id}",
            label=link.user.name,
        )
    return link.user


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
