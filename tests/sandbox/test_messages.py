"""FACTS 6 and 7, and mail: what goes out is checked, accepted and kept."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import free_port

from .running import USUAL, Running

KEY = "k" * 32
PAYLOAD = {"summary": "Error rate 4 %", "source": "watch", "severity": "critical"}
EVENT = {"routing_key": KEY, "event_action": "trigger", "payload": PAYLOAD}


def enqueue(sandbox: Running, event: Any) -> Any:
    return sandbox.ask("POST", "/pagerduty/v2/enqueue", event, headers={"Authorization": ""})


def test_6_accepted_is_202_with_the_key(sandbox: Running) -> None:
    answer = enqueue(sandbox, EVENT | {"dedup_key": "release-42"})
    assert (answer.status, answer.body["dedup_key"]) == (202, "release-42")
    assert enqueue(sandbox, EVENT).body["dedup_key"] != enqueue(sandbox, EVENT).body["dedup_key"]


@pytest.mark.parametrize(
    "change",
    [
        {"routing_key": "short"},
        {"event_action": "shout"},
        {"payload": None},
        {"payload": PAYLOAD | {"severity": "loud"}},
        {"payload": PAYLOAD | {"summary": "x" * 1025}},
        {"payload": {"summary": "no source", "severity": "info"}},
        {"dedup_key": "x" * 256},
        {"event_action": "resolve"},
    ],
)
def test_6_an_invalid_event_is_400_with_errors(sandbox: Running, change: Any) -> None:
    before = len(sandbox.journal(vendor="pagerduty"))
    answer = enqueue(sandbox, EVENT | change)
    assert answer.status == 400
    assert answer.body["errors"]
    assert len(sandbox.journal(vendor="pagerduty")) == before


def test_6_a_change_event_wakes_nobody_and_takes_no_ruleset_key(sandbox: Running) -> None:
    path = "/pagerduty/v2/change/enqueue"
    event = {"routing_key": KEY, "payload": {"summary": "api v1.8.2 went live"}}
    assert sandbox.ask("POST", path, event).status == 202
    assert sandbox.ask("POST", path, event | {"routing_key": "R" + "k" * 31}).status == 400


def test_7_slack_answers_200_even_to_say_no(sandbox: Running) -> None:
    def said(body: object, **options: Any) -> Any:
        answer = sandbox.ask("POST", "/slack/api/chat.postMessage", body, **options)
        assert answer.status == 200
        return answer.body

    assert said({"text": "hello"})["error"] == "channel_not_found"
    assert said({"channel": "C1"})["error"] == "no_text"
    assert said({"channel": "C1", "text": "x" * 40_001})["error"] == "msg_too_long"
    assert (
        said({"channel": "C1", "text": "x"}, headers={"Authorization": ""})["error"] == "not_authed"
    )


def test_7_a_message_has_a_channel_and_a_ts(sandbox: Running) -> None:
    body = {"channel": "C1", "text": "api v1.8.2 is live"}
    answer = sandbox.ask("POST", "/slack/api/chat.postMessage", body)
    assert answer.body["ok"] is True
    assert isinstance(answer.body["ts"], str)
    assert answer.body["message"]["text"] == "api v1.8.2 is live"
    again = sandbox.ask("POST", "/slack/api/chat.postMessage", body)
    assert again.body["ts"] != answer.body["ts"]


def test_7_too_many_messages_are_429_with_a_time_to_wait(sandbox: Running) -> None:
    sandbox.act("faults", provider="slack", kind="429", times=1, seconds=3)
    answer = sandbox.ask("POST", "/slack/api/chat.postMessage", {"channel": "C1", "text": "x"})
    assert (answer.status, answer.headers["Retry-After"]) == (429, "3")


def test_7_an_incoming_webhook_says_ok_in_text(sandbox: Running) -> None:
    path = "/slack/services/T1/B1/secret"
    answer = sandbox.ask("POST", path, {"text": "hello"})
    assert (answer.status, answer.text) == (200, "ok")
    refused = sandbox.ask("POST", path, data=b"not json")
    assert (refused.status, refused.text) == (400, "invalid_payload")


@pytest.fixture(scope="module")
def mailed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, int]]:
    port = free_port()
    state: Path = tmp_path_factory.mktemp("mailed")
    running = Running(state, *USUAL, "--smtp-port", str(port)).start()
    yield running, port
    running.end()


def mail(port: int) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = (
        "Writes are off",
        "a@example.com",
        "b@x.org",
    )
    message.set_content("Since 14:20.\n.\n..and dots\n")
    with smtplib.SMTP("127.0.0.1", port, timeout=5) as server:
        server.send_message(message)


def test_mail_is_kept(mailed: tuple[Running, int]) -> None:
    sandbox, port = mailed
    mail(port)
    kept = sandbox.get("/_control/messages")["messages"][0]
    assert (kept["vendor"], kept["summary"]) == ("smtp", "Writes are off")
    assert "\n.\n" in kept["body"]["text"].replace("\r", "")
    assert sandbox.journal(kind="mail_accepted")


def test_mail_can_be_refused_for_now(mailed: tuple[Running, int]) -> None:
    sandbox, port = mailed
    sandbox.act("faults", provider="smtp", kind="503", times=1)
    with pytest.raises(smtplib.SMTPResponseException) as refused:
        mail(port)
    assert refused.value.smtp_code == 451
