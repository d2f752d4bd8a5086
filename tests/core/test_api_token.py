"""API tokens: given out, used, ended."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from agentmesh_release.core import tokens
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import ApiToken, AuditEvent, Membership, Role, User
from agentmesh_release.core.refusals import Forbidden, Refused
from tests.programs import ALL_RIGHTS, issued
from tests.releases.conftest import Api, api

__all__ = ["api"]

pytestmark = pytest.mark.django_db


def refused_with(code: str, text: str) -> None:
    with pytest.raises(tokens.Unauthenticated) as refusal:
        tokens.authenticate(text, timezone.now())
    assert (refusal.value.code, refusal.value.status) == (code, 401)


def test_only_a_hash_is_kept(ada: User) -> None:
    token, text = issued(ada)
    kept = json.dumps(ApiToken.objects.values().get(pk=token.pk), default=str)
    assert text not in kept
    assert text[12:44] not in kept
    assert tokens.authenticate(text, timezone.now()) == token


def test_the_audit_log_has_its_name_and_never_its_text(ada: User) -> None:
    token, text = issued(ada)
    event = AuditEvent.objects.get(verb="api_token.issue")
    assert (event.actor, event.label) == ("Ada", f"Robo ({token.hint})")
    assert text[12:] not in json.dumps([event.label, event.reason, event.data])


def test_a_text_with_a_known_beginning_and_another_secret_is_refused(ada: User) -> None:
    token, text = issued(ada)
    ApiToken.objects.filter(pk=token.pk).update(secret_hash="0" * 64)
    refused_with("unknown_token", text)


def test_a_revoked_token_is_refused_and_says_by_whom(ada: User) -> None:
    token, text = issued(ada)
    token.revoke(by=Actor.person(ada), reason="Leaked.", now=timezone.now())
    refused_with("revoked_token", text)
    assert AuditEvent.objects.filter(verb="api_token.revoke", reason="Leaked.").exists()
    with pytest.raises(Refused, match="revoked by now"):
        token.revoke(by=Actor.person(ada), reason="Leaked.", now=timezone.now())


def test_an_expired_token_is_refused(ada: User) -> None:
    token, text = issued(ada)
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now())
    refused_with("expired_token", text)


def test_the_tokens_of_who_may_not_sign_in_are_refused(ada: User) -> None:
    _, text = issued(ada)
    User.objects.filter(pk=ada.pk).update(is_active=False)
    refused_with("owner_inactive", text)


@pytest.mark.parametrize("days", [-1, 0, 366])
def test_it_ends_within_a_year(ada: User, days: int) -> None:
    with pytest.raises(Refused) as refusal:
        issued(ada, days=days)
    assert refusal.value.code == "bad_expiry"


def test_the_database_knows_no_token_without_an_end(ada: User) -> None:
    token, _ = issued(ada)
    with pytest.raises(IntegrityError):
        ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now() + timedelta(400))


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"name": ""}, "name_missing"),
        ({"name": "x" * 61}, "name_missing"),
        ({"scope": "nowhere"}, "unknown_scope"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(ada: User, wish: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        issued(ada, **wish)
    assert refusal.value.code == code


def test_a_right_that_nobody_registered_is_refused(ada: User) -> None:
    with pytest.raises(Refused, match="no right everything:write"):
        issued(ada, "everything:write")


def test_a_token_of_one_project_has_no_worldwide_right(ada: User, api: Api) -> None:
    with pytest.raises(Refused) as refusal:
        issued(ada, "switches:write", scope="api")
    assert refusal.value.code == "worldwide_right"


def test_nobody_gives_out_what_they_may_not_do(cleo: User) -> None:
    with pytest.raises(Forbidden, match="cut releases"):
        issued(cleo, "releases:cut")


def test_one_name_stands_for_one_token_of_a_person(ada: User, ben: User) -> None:
    token, _ = issued(ada)
    issued(ben)
    with pytest.raises(Refused) as refusal:
        issued(ada)
    assert refusal.value.code == "name_taken"
    token.revoke(by=Actor.person(ada), reason="Leaked.", now=timezone.now())
    issued(ada)


def test_a_use_is_noted_once_a_minute(ada: User) -> None:
    _, text = issued(ada)
    first = timezone.now()
    for later in (0, 20, 59):
        tokens.authenticate(text, first + timedelta(seconds=later))
        assert ApiToken.objects.get().last_used_at == first
    tokens.authenticate(text, first + timedelta(seconds=60))
    assert ApiToken.objects.get().last_used_at == first + timedelta(seconds=60)


@pytest.mark.parametrize("right", ALL_RIGHTS)
def test_no_right_implies_another(ada: User, right: str) -> None:
    token = tokens.authenticate(issued(ada, right)[1], timezone.now())
    tokens.require(token, right)
    for other in set(ALL_RIGHTS) - {right}:
        with pytest.raises(Forbidden, match=f"needs {other}"):
            tokens.require(token, other)


def test_what_the_owner_may_not_do_any_more_the_token_may_not_either(ada: User) -> None:
    _, text = issued(ada, "releases:cut", "promotable:read")
    Membership.objects.filter(user=ada).update(role=Role.STAKEHOLDER)
    token = tokens.authenticate(text, timezone.now())
    tokens.require(token, "promotable:read", "api")
    with pytest.raises(Forbidden, match="Ada, who owns this token, may not cut releases"):
        tokens.require(token, "releases:cut", "api")
    assert tokens.lost_rights(token) == ("releases:cut",)


def test_a_token_of_one_project_is_good_there_only(ada: User, api: Api) -> None:
    token = tokens.authenticate(issued(ada, "reports:write", scope="api")[1], timezone.now())
    tokens.require(token, "reports:write", "api")
    for elsewhere in ("front", ""):
        with pytest.raises(Forbidden) as refusal:
            tokens.require(token, "reports:write", elsewhere)
        assert refusal.value.code == "other_scope"


def test_a_token_for_all_projects_is_good_where_its_owner_is(sam: User, api: Api) -> None:
    Membership.objects.create(user=sam, role=Role.RELEASE_MANAGER, scope="api")
    token = tokens.authenticate(issued(sam, "releases:cut")[1], timezone.now())
    tokens.require(token, "releases:cut", "api")
    with pytest.raises(Forbidden, match="may not cut releases, and follow them in front"):
        tokens.require(token, "releases:cut", "front")
