"""Who gets a ticket for the live stream, and whose streams end."""

import os
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client

from agentmesh_release.core.edge import tickets
from agentmesh_release.core.models import User

Heard = Callable[[], list[str]]


@pytest.fixture
def heard(transactional_db: None) -> Iterator[Heard]:
    """What was said on the channel `access` since."""
    name = connection.settings_dict["NAME"]
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    with psycopg.connect(url, autocommit=True) as listener:
        listener.execute("LISTEN access")
        yield lambda: [notice.payload for notice in listener.notifies(timeout=0.3)]


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_user("ada", first_name="Ada", password="correct horse")


def test_a_signed_in_person_gets_a_ticket_for_the_stream_alone(ada: User, client: Client) -> None:
    client.force_login(ada)
    cookie = client.get("/settings/").cookies["live"]
    ticket = tickets.read(cookie.value, time.time())
    assert ticket is not None
    assert ticket.user_id == ada.pk
    assert ticket.session == tickets.session_hash(client.session.session_key or "")
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/live", True, "Strict")


def test_a_stranger_gets_none(db: None, client: Client) -> None:
    assert "live" not in client.get("/sign-in/").cookies


def test_the_session_key_is_not_in_the_ticket(ada: User, client: Client) -> None:
    client.force_login(ada)
    value = client.get("/settings/").cookies["live"].value
    assert (client.session.session_key or "?") not in value


def test_sign_out_ends_the_streams_of_that_session(ada: User, client: Client, heard: Heard) -> None:
    client.force_login(ada)
    key = client.session.session_key or ""
    response = client.post("/sign-out/")
    assert f"session:{tickets.session_hash(key)}" in heard()
    assert response.cookies["live"]["max-age"] == 0


def test_a_session_key_that_means_nothing_is_no_news(client: Client, heard: Heard) -> None:
    client.cookies["session"] = "made-up"
    client.get("/sign-in/")
    assert heard() == []


def test_a_session_that_was_ended_elsewhere_brings_no_ticket(ada: User, client: Client) -> None:
    client.force_login(ada)
    SessionStore(client.session.session_key).delete()
    assert "live" not in client.get("/settings/").cookies


@pytest.mark.parametrize("age_s", [-1, tickets.LIFETIME_S - 1])
def test_a_ticket_counts_for_its_lifetime(age_s: float) -> None:
    assert tickets.read(tickets.issue(1, "key", time.time() - age_s), time.time())


@pytest.mark.parametrize("value", ["", "x", "a:b:c", tickets.COOKIE * 1_000])
def test_nonsense_is_no_ticket(value: str) -> None:
    assert tickets.read(value, time.time()) is None
