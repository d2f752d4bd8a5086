"""The pages of API tokens."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from agentmesh_release.core import tokens
from agentmesh_release.core.models import ApiToken, AuditEvent, Membership, Role, User
from agentmesh_release.core.people import invite
from tests.cast import SETUP, signed_in
from tests.programs import issued

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_world")]
NEW = "/settings/tokens/new/"
WHY = {"reason": "It was in a log."}


@pytest.fixture
def eve(db: None) -> User:
    return invite("eve", "Eve", Role.ADMIN, by=SETUP)


def made(person: User, **wish: Any) -> Any:
    told = {"name": "CI", "rights": ["reports:write"], "scope": "", "days": "30", **wish}
    return signed_in(person).post(NEW, told)


def shown(answer: Any) -> str:
    found = re.search(r"amr_\w{46}", answer.content.decode())
    assert found
    return found[0]


def test_its_text_is_shown_once(ada: User) -> None:
    answer = made(ada)
    text = shown(answer)
    assert answer["Cache-Control"] == "no-store"
    assert tokens.authenticate(text, timezone.now()).name == "CI"
    later = signed_in(ada).get("/settings/tokens/").content.decode()
    assert text[:12] in later
    assert text not in later


def test_its_text_rests_nowhere(ada: User) -> None:
    text = shown(made(ada))
    kept = [*AuditEvent.objects.values(), *Session.objects.values(), *ApiToken.objects.values()]
    assert text[12:] not in str(kept)
    assert all(text[12:] not in str(session.get_decoded()) for session in Session.objects.all())


def test_it_ends_when_it_was_chosen_to(ada: User) -> None:
    made(ada, days="7")
    left = ApiToken.objects.get().expires_at - timezone.now()
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"name": " "}, "Give it a name"),
        ({"rights": []}, "Choose at least one"),
        ({"rights": ["everything"]}, "There is no right everything"),
        ({"days": "400"}, "A token ends within a year"),
        ({"scope": "nowhere"}, "There is no such project"),
    ],
)
def test_what_is_missing_is_said_and_the_rest_is_kept(
    ada: User, wish: dict[str, Any], sentence: str
) -> None:
    answer = made(ada, **{"name": "Nightly", **wish})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert ("Nightly" in answer.content.decode()) is ("name" not in wish)
    assert not ApiToken.objects.exists()


def test_a_right_beyond_the_own_role_is_refused_and_noted(cleo: User) -> None:
    answer = made(cleo, rights=["releases:cut"])
    assert answer.status_code == 403
    assert AuditEvent.objects.get(verb="refused").data["code"] == "not_permitted"


def test_the_question_says_what_the_role_does_not_permit(cleo: User) -> None:
    page = signed_in(cleo).get(NEW).content.decode()
    assert re.search(r'value="releases:cut"[^>]*disabled', page)
    assert not re.search(r'value="switches:write"[^>]*disabled', page)


def test_people_see_their_own_and_admins_everybodys(ada: User, ben: User, eve: User) -> None:
    issued(ada, name="of Ada")
    pages = {person: signed_in(person).get("/settings/tokens/") for person in (ada, ben, eve)}
    assert [b"of Ada" in page.content for page in pages.values()] == [True, False, True]


def test_the_list_says_which_are_good_for_nothing(ada: User) -> None:
    for name in ("good", "ended", "revoked"):
        issued(ada, name=name)
    ApiToken.objects.filter(name="ended").update(expires_at=timezone.now())
    ApiToken.objects.get(name="revoked").revoke(by=SETUP, reason="Old.", now=timezone.now())
    page = signed_in(ada).get("/settings/tokens/").content.decode()
    assert all(word in page for word in ("Good", "Ended", "Revoked", "by system:setup"))
    assert page.count("revocation/") == 1


def test_the_list_says_what_the_owner_may_not_do_any_more(ada: User) -> None:
    issued(ada, "releases:cut")
    Membership.objects.filter(user=ada).update(role=Role.STAKEHOLDER)
    page = signed_in(ada).get("/settings/tokens/").content.decode()
    assert "Refused" in page
    assert "the owner's role lacks it" in page.replace("&#x27;", "'")


def test_revoking_ends_it_at_once(ada: User) -> None:
    token, text = issued(ada)
    answer = signed_in(ada).post(f"/settings/tokens/{token.pk}/revocation/", WHY)
    assert answer["Location"] == "/settings/tokens/"
    with pytest.raises(tokens.Unauthenticated, match="Ada revoked this token"):
        tokens.authenticate(text, timezone.now())


def test_only_its_owner_or_an_admin_revokes_it(ada: User, ben: User, eve: User) -> None:
    token, _ = issued(ada)
    place = f"/settings/tokens/{token.pk}/revocation/"
    assert signed_in(ben).post(place, WHY).status_code == 403
    assert not ApiToken.objects.get().is_revoked
    assert signed_in(eve).post(place, WHY).status_code == 302
    assert ApiToken.objects.get().revoked_by == "Eve"


def test_revoking_twice_says_so(ada: User) -> None:
    token, _ = issued(ada)
    place = f"/settings/tokens/{token.pk}/revocation/"
    signed_in(ada).post(place, WHY)
    again = signed_in(ada).post(place, WHY)
    assert again.status_code == 409
    assert "revoked by now" in again.content.decode()
