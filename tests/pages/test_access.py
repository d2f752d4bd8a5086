"""Every view says who may, and nobody else gets through. Derived from the URLconf."""

import pytest
from django.test import Client

from agentmesh_release.core.models import AuditEvent, User

from .addresses import ACTS, GUARDED, VIEWS, WITH_CSRF, url_of


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_says_who_may(name: str) -> None:
    assert hasattr(VIEWS[name].callback, "permission"), "mark it @permitted or @public"


@pytest.mark.django_db
@pytest.mark.parametrize("name", GUARDED)
def test_a_stranger_is_sent_to_sign_in_and_may_not_post(client: Client, name: str) -> None:
    shown = client.get(url_of(name))
    assert shown.status_code == 405 or shown["Location"].startswith("/sign-in/")
    assert client.post(url_of(name)).status_code in (403, 405)


@pytest.mark.django_db
@pytest.mark.parametrize("name", GUARDED)
def test_who_has_no_role_is_refused_with_a_sentence(
    client: Client, mallory: User, name: str
) -> None:
    client.force_login(mallory)
    for answer in (client.get(url_of(name)), client.post(url_of(name))):
        assert answer.status_code in (403, 405)
        if answer.status_code == 403:
            assert "Your role does not let you" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ACTS)
def test_a_stakeholder_cannot_act_and_the_attempt_is_on_record(
    client: Client, sam: User, name: str
) -> None:
    client.force_login(sam)
    answer = client.post(url_of(name))
    assert answer.status_code == 403
    assert "Your role does not let you" in answer.content.decode()
    noted = AuditEvent.objects.get(verb="refused", actor="Sam")
    assert noted.data["code"] == "not_permitted"
    assert noted.reason in answer.content.decode().replace("&#x27;", "'")


@pytest.mark.django_db
@pytest.mark.parametrize("name", WITH_CSRF)
def test_no_post_works_without_a_csrf_token(ada: User, name: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ada)
    assert strict.post(url_of(name)).status_code in (403, 405)
