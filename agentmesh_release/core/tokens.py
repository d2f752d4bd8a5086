"""API tokens: giving them out, and what the bearer of one may do now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from secrets import compare_digest

from django.db import transaction

from . import audit, token_text
from .access import may, may_somewhere
from .actors import Actor
from .models.api_token import LONGEST_LIFE, LONGEST_NAME, ApiToken
from .models.user import User
from .refusals import Forbidden, Refused
from .registries import known_scopes
from .rights import Right, rights
from .times import day


@dataclass(frozen=True)
class Wish:
    """What a token is to be: `scope` is a project's slug, or empty for all of its owner's."""

    name: str
    scope: str
    rights: tuple[str, ...]
    expires_at: datetime


class Unauthenticated(Refused):
    """There is no token, or none that is good for anything."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code, sentence, status=401)


# Giving out


def issue(owner: User, wish: Wish, *, now: datetime) -> tuple[ApiToken, str]:
    """Make a token for its owner; answers it and its text, which is kept nowhere.

    Raises Refused: `name_missing`, `name_taken`, `no_rights`, `unknown_right`, `unknown_scope`,
    `bad_expiry`, `worldwide_right`; and Forbidden (`not_permitted`) for what the owner may not do.
    """
    _guard_wish(owner, wish, now)
    text = token_text.draw()
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=owner.pk)
        _guard_name(owner, wish.name, now)
        token = ApiToken.objects.create(
            name=wish.name,
            owner=owner,
            scope=wish.scope,
            rights=list(wish.rights),
            handle=token_text.handle_of(text),
            secret_hash=token_text.hashed(text),
            expires_at=wish.expires_at,
        )
        audit.record(
            "api_token.issue",
            actor=Actor.person(owner),
            subject=token.subject,
            data={"rights": token.rights, "expires_at": token.expires_at.isoformat()},
            **token.audit_place,
        )
    return token, text


def permitted_rights(owner: User, scope: str = "") -> Iterator[tuple[Right, bool]]:
    """Every right, and whether the owner may do that in that project, or in any."""
    for right in rights:
        if right.is_worldwide or scope:
            yield right, may(owner, right.permission, scope)
        else:
            yield right, may_somewhere(owner, right.permission)


def lost_rights(token: ApiToken) -> tuple[str, ...]:
    """What the token has and its owner's role lacks by now; the owner comes `with_owners`."""
    token.owner.granted = token.granted  # type: ignore[attr-defined]
    held = {right.name for right, held in permitted_rights(token.owner, token.scope) if held}
    return tuple(name for name in token.rights if name not in held)


def _guard_wish(owner: User, wish: Wish, now: datetime) -> None:
    if not wish.name or len(wish.name) > LONGEST_NAME:
        raise Refused(
            "name_missing", f"Give it a name of at most {LONGEST_NAME} characters.", status=422
        )
    if wish.scope and wish.scope not in dict(known_scopes()):
        raise Refused("unknown_scope", f"There is no project {wish.scope}.", status=422)
    if not now < wish.expires_at <= now + LONGEST_LIFE:
        raise Refused(
            "bad_expiry", "A token ends on a day to come, within a year from now.", status=422
        )
    if not wish.rights:
        raise Refused("no_rights", "Choose at least one thing that it may do.", status=422)
    for name in wish.rights:
        _guard_right(owner, wish.scope, name)


def _guard_right(owner: User, scope: str, name: str) -> None:
    held = {right.name: (right, held) for right, held in permitted_rights(owner, scope)}
    if name not in held:
        raise Refused("unknown_right", f"There is no right {name}.", status=422)
    right, is_permitted = held[name]
    if right.is_worldwide and scope:
        raise Refused(
            "worldwide_right",
            f"{name} is about all projects at once, so a token of {scope} alone cannot have it.",
            status=422,
        )
    if not is_permitted:
        raise Forbidden(
            "not_permitted", f"Your role does not let you {right.act}, nor a token of yours."
        )


def _guard_name(owner: User, name: str, now: datetime) -> None:
    if ApiToken.objects.live(now).filter(owner=owner, name=name).exists():
        raise Refused(
            "name_taken", f"You have a token called {name} already. Revoke it, or name this one."
        )


# Using


def authenticate(text: str, now: datetime) -> ApiToken:
    """The token of that text, with its owner and their roles as they are now.

    Raises Unauthenticated: `unknown_token`, `revoked_token`, `expired_token`, `owner_inactive`.
    """
    handle = token_text.handle_of(text)
    token = ApiToken.objects.with_owners().filter(handle=handle).first() if handle else None
    if token is None or not compare_digest(token.secret_hash, token_text.hashed(text)):
        raise Unauthenticated("unknown_token", "This is no token of ours: look for a typo.")
    if token.is_revoked:
        raise Unauthenticated("revoked_token", f"{token.revoked_by} revoked this token.")
    if token.is_expired(now):
        raise Unauthenticated(
            "expired_token", f"This token ended on {day(token.expires_at, now)}. Make a new one."
        )
    if not token.owner.is_active:
        raise Unauthenticated(
            "owner_inactive", f"{token.owner} may not sign in any more, so their tokens end too."
        )
    token.owner.granted = token.granted  # type: ignore[attr-defined]
    token.note_use(now)
    return token


def require(token: ApiToken, name: str, scope: str = "") -> None:
    """Raises Forbidden unless the token has that right there, and its owner may do it now.

    Codes: `missing_right`, `other_scope`, `not_permitted`.
    """
    right = rights.get(name)
    if name not in token.rights:
        has = ", ".join(token.rights)
        raise Forbidden("missing_right", f"This needs {name}; the token has {has}.")
    if token.scope not in ("", scope):
        where = scope or "all projects at once"
        raise Forbidden("other_scope", f"This token is for {token.scope}, not for {where}.")
    if not may(token.owner, right.permission, scope):
        where = f" in {scope}" if scope else ""
        raise Forbidden(
            "not_permitted",
            f"{token.owner}, who owns this token, may not {right.act}{where}. "
            "A token can do no more than its owner.",
        )
