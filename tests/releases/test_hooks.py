"""Webhooks that never arrived are found in GitHub's log, and asked for again, once."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from agentmesh_release.core import polls
from agentmesh_release.core.models import IncomingWebhook, Poll, User
from releases import polling
from releases.evidence import hooks
from releases.models import Project, RepositoryHook
from tests.cast import signed_in
from tests.core.webhooks import SECRET
from tests.providers.stub import Stub, reply

pytestmark = pytest.mark.django_db
REPO = "acme/api"
ADDRESS = "https://release.example/webhooks/github"
HOOK = {"id": 7, "active": True, "events": ["*"], "config": {"url": ADDRESS}}
State = RepositoryHook.State


@pytest.fixture(autouse=True)
def _world(settings: Settings, stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.BASE_URL, settings.GITHUB_API_URL = "https://release.example", stub.url
    monkeypatch.setenv("GITHUB_TOKEN", f"of {stub.port}".replace(" ", "-"))
    monkeypatch.setenv("GITHUB_WEBHOOK_SECRET", SECRET)
    Project.objects.create(slug="api", name="api", repository=REPO)


@pytest.fixture
def stub() -> Iterator[Stub]:
    server = Stub()
    yield server
    server.close()


def attempt(number: int, guid: str, code: int = 502, minutes: float = 5) -> dict[str, Any]:
    return {
        "id": number,
        "guid": guid,
        "delivered_at": (timezone.now() - timedelta(minutes=minutes)).isoformat(),
        "redelivery": False,
        "status": "OK" if code == 202 else "failed to connect to host",
        "status_code": code,
        "event": "push",
    }


def say(stub: Stub, *attempts: dict[str, Any], listed: list[dict[str, Any]] | None = None) -> None:
    stub.route(f"/repos/{REPO}/hooks", reply([HOOK] if listed is None else listed))
    stub.route(f"/repos/{REPO}/hooks/7/deliveries", reply(list(attempts)))
    for each in attempts:
        path = f"/repos/{REPO}/hooks/7/deliveries/{each['id']}/attempts"
        stub.route(path, reply({}, 202))


def asked_again(stub: Stub) -> list[str]:
    return [seen.path.split("/")[-2] for seen in stub.seen if seen.method == "POST"]


def read() -> RepositoryHook:
    found = hooks.read(REPO, timezone.now())
    assert found
    return found


def arrived(guid: str) -> None:
    IncomingWebhook.objects.create(source="github", delivery=guid, received_at=timezone.now())


def test_what_failed_or_was_lost_is_asked_for_again_once(stub: Stub) -> None:
    arrived("c")
    say(stub, attempt(3, "c", 202, 3), attempt(2, "b", 202), attempt(1, "a", 502, 9))
    assert read().state == State.REACHING
    read()
    assert asked_again(stub) == ["1", "2"]
    missed = IncomingWebhook.objects.filter(state=IncomingWebhook.State.MISSED)
    assert set(missed.values_list("delivery", "about")) == {("a", REPO), ("b", REPO)}


def test_only_the_newest_attempt_of_a_delivery_counts(stub: Stub) -> None:
    say(stub, attempt(9, "a", 502, 3), attempt(1, "a", 502, 9))
    assert read().state == State.FAILING
    assert asked_again(stub) == ["9"]


def test_what_may_be_on_its_way_is_left_alone(stub: Stub) -> None:
    say(stub, attempt(1, "a", 202, minutes=0.2))
    read()
    assert asked_again(stub) == []


def test_no_more_than_a_few_are_asked_for_at_once(stub: Stub) -> None:
    say(stub, *[attempt(n, f"guid-{n}") for n in range(30)])
    read()
    assert len(asked_again(stub)) == hooks.MOST_ASKED_FOR
    read()
    assert len(set(asked_again(stub))) == 30


def test_what_was_looked_through_is_not_looked_through_again(stub: Stub) -> None:
    say(stub, attempt(2, "b", 202, 2), attempt(1, "a", 502, 120))
    read()
    IncomingWebhook.objects.all().delete()
    read()
    assert asked_again(stub) == ["1", "2", "2"]


@pytest.mark.parametrize(
    ("listed", "state", "why"),
    [
        ([], State.MISSING, f"No webhook leads to {ADDRESS}."),
        ([HOOK | {"active": False}], State.FAILING, "It is switched off at GitHub."),
        ([HOOK | {"config": {"url": "https://else.example/x"}}], State.MISSING, "No webhook leads"),
    ],
)
def test_a_webhook_that_does_not_lead_here_is_told(
    stub: Stub, listed: list[dict[str, Any]], state: str, why: str
) -> None:
    say(stub, listed=listed)
    found = read()
    assert (found.state, found.sentence[: len(why)]) == (state, why)


def test_a_repository_that_no_project_has_any_more_is_not_looked_at(stub: Stub) -> None:
    say(stub)
    read()
    Project.objects.all().delete()
    polls.ensure("github-hook", REPO)
    polling.read_hook(REPO)
    assert not RepositoryHook.objects.exists()
    assert not Poll.objects.filter(kind="github-hook").exists()


def test_a_token_that_may_not_look_leaves_it_unknown_and_names_the_permission(stub: Stub) -> None:
    refusal = {"message": "Resource not accessible by personal access token"}
    wanted = "repository_hooks=read"
    stub.route(f"/repos/{REPO}/hooks", reply(refusal, 403, x_accepted_github_permissions=wanted))
    found = read()
    assert (found.state, "repository_hooks:read" in found.sentence) == (State.UNKNOWN, True)


@pytest.mark.parametrize(
    ("state", "minutes", "reaches"),
    [("reaching", 1, True), ("reaching", 31, False), ("unknown", 1, False)],
)
def test_polling_trusts_only_what_was_seen_lately(state: str, minutes: int, reaches: bool) -> None:
    at = timezone.now() - timedelta(minutes=minutes)
    RepositoryHook.objects.create(repository=REPO, state=state, checked_at=at)
    assert hooks.reach_us(REPO, timezone.now()) is reaches


def test_the_page_says_which_repositories_reach_us(ada: User) -> None:
    for name, state in (("acme/one", "reaching"), ("acme/two", "failing")):
        RepositoryHook.objects.create(
            repository=name, state=state, sentence="<b>", checked_at=timezone.now()
        )
    page = signed_in(ada).get(reverse("webhooks")).content.decode()
    assert "1 of 2 reach us" in page
    assert page.index("acme/two") < page.index("acme/one")
    assert "&lt;b&gt;" in page


def test_what_an_outage_held_back_is_asked_for_bit_by_bit_until_nothing_is_left(
    stub: Stub,
) -> None:
    lost = [attempt(n, f"guid-{n}", minutes=120 - n) for n in range(30)]
    say(stub, attempt(90, "now", 202, 2), *reversed(lost))
    arrived("now")
    assert [read().state, read().state] == [State.REACHING] * 2
    assert len(set(asked_again(stub))) == 30
