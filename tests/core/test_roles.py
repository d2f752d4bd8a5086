"""Giving, changing and taking roles: admins do, it is on record, and somebody stays admin."""

import pytest
from django.test import Client

from agentmesh_release.core.access import may
from agentmesh_release.core.models import AuditEvent, Membership, Role, User, World
from agentmesh_release.core.people import invite, revoke
from agentmesh_release.core.refusals import Refused
from releases.models import Project
from tests.at_once import at_once
from tests.cast import SETUP, signed_in

EVERYWHERE = "/settings/roles/"
IN_API = "/projects/api/settings/roles/"


@pytest.fixture
def dana(db: None) -> User:
    return invite("dana", "Dana", Role.ADMIN, by=SETUP)


@pytest.fixture
def admin(demo_world: World, dana: User) -> Client:
    Project.objects.create(slug="api", name="api", repository="demo/api")
    return signed_in(dana)


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_a_role_in_one_project_holds_there_alone(admin: Client, mallory: User) -> None:
    admin.post(IN_API, {"username": "mallory", "role": "release_manager"})
    assert may(fresh(mallory), "release.cut", "api")
    assert not may(fresh(mallory), "release.cut", "web")
    given = AuditEvent.objects.get(verb="membership.grant", label="Mallory")
    assert (given.actor, given.scope, given.data["role"]) == ("Dana", "api", "release_manager")


def test_it_is_changed_and_taken_on_record(admin: Client, ada: User) -> None:
    admin.post(EVERYWHERE, {"username": "ada", "role": "on_call"})
    assert Membership.objects.get(user=ada).role == "on_call"
    admin.post(EVERYWHERE, {"username": "ada", "role": ""})
    assert not Membership.objects.filter(user=ada).exists()
    taken = AuditEvent.objects.get(verb="membership.revoke")
    assert (taken.actor, taken.label, taken.data["role"]) == ("Dana", "Ada", "on_call")


def test_the_page_shows_what_holds_here_and_everywhere(admin: Client, ada: User) -> None:
    page = admin.get(IN_API).content.decode()
    assert "Release manager everywhere" in page
    assert "Roles in api" in page


@pytest.mark.parametrize("role", ["", "on_call"])
def test_the_last_admin_stays(admin: Client, dana: User, role: str) -> None:
    answer = admin.post(EVERYWHERE, {"username": "dana", "role": role})
    assert answer.status_code == 409
    assert "Dana is the only admin. Make somebody else admin first." in answer.content.decode()
    assert may(fresh(dana), "role.give")


def test_an_admin_who_may_not_sign_in_does_not_count(admin: Client, dana: User) -> None:
    gone = invite("gone", "Gone", Role.ADMIN, by=SETUP)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    with pytest.raises(Refused, match="only admin"):
        revoke(dana, by=SETUP)


@pytest.mark.django_db(transaction=True)
def test_two_admins_do_not_both_leave_at_once(dana: User) -> None:
    erin = invite("erin", "Erin", Role.ADMIN, by=SETUP)
    outcomes = at_once(lambda: revoke(dana, by=SETUP), lambda: revoke(erin, by=SETUP))
    assert outcomes.count("done") == 1
    assert any("is the only admin" in each for each in outcomes)
    assert Membership.objects.filter(role=Role.ADMIN).count() == 1


def test_somebody_new_is_invited_by_a_link_that_is_shown_once(admin: Client) -> None:
    answer = admin.post(EVERYWHERE, {"username": "erin", "name": "Erin", "role": "on_call"})
    page = answer.content.decode()
    assert "/sign-in/link/" in page
    assert Membership.objects.get(user__username="erin").role == "on_call"
    assert "/sign-in/link/" not in admin.get(EVERYWHERE).content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"username": "erin", "role": "on_call"}, "enter their name and a role too"),
        ({"username": "no one", "name": "N", "role": "on_call"}, "letters, digits and dashes"),
        ({"username": "ada", "role": "king"}, "There is no such role"),
        ({"username": "mallory", "role": ""}, "has no role there any more"),
    ],
)
def test_what_cannot_be_done_is_said(
    admin: Client, ada: User, mallory: User, typed: dict[str, str], said: str
) -> None:
    answer = admin.post(EVERYWHERE, typed)
    assert answer.status_code in (409, 422)
    assert said in answer.content.decode()
    assert not User.objects.filter(username="erin").exists()


def test_the_admin_of_a_project_gives_roles_there_alone(admin: Client, mallory: User) -> None:
    admin.post(IN_API, {"username": "mallory", "role": "admin"})
    theirs = signed_in(mallory)
    assert theirs.get(IN_API).status_code == 200
    assert theirs.get(EVERYWHERE).status_code == 403
    assert theirs.post(EVERYWHERE, {"username": "mallory", "role": "admin"}).status_code == 403


def test_where_nobody_may_the_refusal_says_who_makes_an_admin(ada: User) -> None:
    page = signed_in(ada).get("/projects/new/").content.decode()
    assert "Nobody may yet: manage.py createadmin makes an admin." in page
