"""Taking webhooks in, applying and keeping them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agentmesh_release.core import incoming, tasks
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.incoming import Outcome, sources
from agentmesh_release.core.models import AuditEvent, IncomingWebhook, User, WebhookRefusal
from agentmesh_release.core.refusals import Refused
from agentmesh_release.core.sweep import duties
from tests.cast import signed_in

from .webhooks import DOOR, SECRET, send, signature

pytestmark = pytest.mark.django_db
State = IncomingWebhook.State
PUSH = {"ref": "refs/heads/main", "repository": {"full_name": "demo/nowhere"}}


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_WEBHOOK_SECRET", SECRET)


def come(event: str = "push", payload: object = PUSH) -> IncomingWebhook:
    assert send(event, payload).status_code == 202
    return IncomingWebhook.objects.latest("pk")


def applied(webhook: IncomingWebhook) -> IncomingWebhook:
    incoming.apply(webhook.pk)
    webhook.refresh_from_db()
    return webhook


def test_it_is_stored_as_it_came_and_applied_later() -> None:
    odd = b'{"ref":  "refs/heads/main", "x": "\\u0000\\ud800", "repository": {"full_name": "a/b"}}'
    webhook = come(payload=odd)
    assert (bytes(webhook.body), webhook.size, webhook.state) == (odd, len(odd), State.WAITING)
    assert applied(webhook).state == State.IGNORED
    assert webhook.note == "No project here has that repository."


def test_taking_in_notifies_nobody_and_writes_once() -> None:
    come()
    with CaptureQueriesContext(connection) as queries:
        come()
    assert not [each for each in queries if "pg_notify" in each["sql"]]
    assert len([each for each in queries if "INSERT" in each["sql"]]) == 1


def test_the_same_delivery_counts_once() -> None:
    assert send("push", PUSH, X_GitHub_Delivery="one").status_code == 202
    applied(IncomingWebhook.objects.get())
    assert send("push", PUSH, X_GitHub_Delivery="one").status_code == 202
    assert IncomingWebhook.objects.get().state == State.IGNORED


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Hub_Signature_256": ""},
        {"X_Hub_Signature_256": signature(b"another body")},
        {"X_Hub_Signature_256": signature(b"{}", "another secret")},
        {"X_Hub_Signature_256": "sha256=é"},
        {"X_Hub_Signature_256": signature(b"{}").removeprefix("sha256=")},
    ],
)
def test_a_wrong_signature_is_401_counted_and_not_stored(headers: dict[str, str]) -> None:
    for _ in range(2):
        assert send("push", b"{}", **headers).status_code == 401
    assert not IncomingWebhook.objects.exists()
    assert WebhookRefusal.objects.get().count == 2


def test_the_signature_is_over_the_raw_bytes() -> None:
    """The vendor's own example."""
    assert signature(b"Hello, World!", "It's a Secret to Everybody") == (
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    )
    assert send("push", b"Hello, World!").status_code == 202


def test_while_the_secret_changes_both_are_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_WEBHOOK_SECRET", "the new one")
    assert send("push", b"{}").status_code == 401
    monkeypatch.setenv("GITHUB_WEBHOOK_SECRET_PREVIOUS", SECRET)
    assert send("push", b"{}").status_code == 202
    assert (
        send("push", b"{}", X_Hub_Signature_256=signature(b"{}", "the new one")).status_code == 202
    )


def test_without_a_secret_the_door_is_shut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_WEBHOOK_SECRET")
    answer = send("push", PUSH)
    assert answer.status_code == 404
    assert b"set GITHUB_WEBHOOK_SECRET or GITHUB_WEBHOOK_SECRET_FILE" in answer.content


@pytest.mark.parametrize("missing", ["X-GitHub-Delivery", "X-GitHub-Event"])
def test_a_signed_one_without_its_headers_is_400(missing: str) -> None:
    assert send("push", PUSH, **{missing: ""}).status_code == 400
    assert not IncomingWebhook.objects.exists()


def test_a_body_has_a_length_and_it_is_looked_at_first() -> None:
    client = Client()
    too_long = client.generic("POST", DOOR, b"{}", CONTENT_LENGTH="25000001")
    assert (too_long.status_code, b"25,000,000" in too_long.content) == (413, True)
    assert client.generic("POST", DOOR, b"{}", CONTENT_LENGTH="").status_code == 411


def test_nobody_else_is_let_in() -> None:
    assert Client().post("/webhooks/nobody", b"{}", content_type="text/plain").status_code == 404
    assert Client().get(DOOR).status_code == 405


@pytest.mark.parametrize("body", [b" ", b"[1]", b"{", b"\xff", b"[" * 5_000, b'{"ref": 7}'])
def test_what_cannot_be_applied_keeps_its_error(body: bytes) -> None:
    webhook = applied(come(payload=body))
    assert webhook.state == State.FAILED
    assert "GitHub" in webhook.note


def test_what_nobody_reads_any_more_is_kept_and_says_so() -> None:
    webhook = come()
    IncomingWebhook.objects.update(source="gone")
    assert applied(webhook).state == State.FAILED
    assert applied(webhook).note == "Nobody here reads webhooks from gone."


@pytest.mark.parametrize("error", [RuntimeError("no luck"), KeyError("luck")])
def test_an_error_of_ours_is_tried_again_and_then_kept(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall_over(_: IncomingWebhook) -> Outcome:
        raise error

    broken = replace(sources.get("github"), apply=fall_over)
    monkeypatch.setitem(sources._entries, "github", broken)
    webhook = applied(come())
    assert (webhook.state, webhook.attempts) == (State.WAITING, 1)
    assert webhook.note == f"{type(error).__name__}: {error}"
    IncomingWebhook.objects.update(attempts=5, due_at=timezone.now())
    assert applied(webhook).state == State.FAILED


def test_the_sweep_finds_what_waits() -> None:
    due = duties.get("incoming webhook").due
    webhook = come()
    assert list(due()) == [webhook]
    applied(webhook)
    assert not due()


def test_one_that_was_asked_for_again_takes_its_place() -> None:
    IncomingWebhook.objects.create(source="github", delivery="lost", state=State.MISSED)
    for _ in range(2):
        send("push", PUSH, X_GitHub_Delivery="lost")
    webhook = IncomingWebhook.objects.get()
    assert (webhook.state, bool(webhook.body)) == (State.WAITING, True)


def test_a_replay_applies_it_again_and_is_audited(ada: User) -> None:
    webhook = applied(come(payload=b"{"))
    page = signed_in(ada).post(reverse("webhook-replay", args=[webhook.pk]), follow=True)
    assert "is applied again" in page.content.decode()
    webhook.refresh_from_db()
    assert (webhook.state, webhook.attempts) == (State.WAITING, 0)
    assert AuditEvent.objects.get(verb="webhook.replay").actor == "Ada"
    with pytest.raises(Refused, match="not settled"):
        incoming.replay(webhook, by=Actor.system("test"))


def test_after_thirty_days_it_is_forgotten() -> None:
    kept, old, waiting = (applied(come()) for _ in range(3))
    long_ago = timezone.now() - timedelta(days=31)
    IncomingWebhook.objects.filter(pk__in=[old.pk, waiting.pk]).update(due_at=long_ago)
    IncomingWebhook.objects.filter(pk=waiting.pk).update(state=State.WAITING)
    tasks.forget()
    assert set(IncomingWebhook.objects.all()) == {kept, waiting}


def test_the_page_shows_hostile_text_as_text(ada: User) -> None:
    evil = "<script>alert(1)</script>"
    webhook = applied(come(evil, {"repository": {"full_name": evil}, "x": f"\0{evil}"}))
    for name, args in (("webhooks", []), ("webhook", [webhook.pk])):
        page = signed_in(ada).get(reverse(name, args=args)).content.decode()
        assert evil not in page
        assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("query", "shown"), [("?state=failed", 0), ("?event=push", 1), ("?q=NOWHERE", 1), ("?q=x", 0)]
)
def test_the_list_is_filtered_by_its_address(ada: User, query: str, shown: int) -> None:
    applied(come())
    page = signed_in(ada).get(reverse("webhooks") + query)
    assert len(page.context["page"].rows) == shown
