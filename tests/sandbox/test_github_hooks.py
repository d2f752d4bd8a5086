"""Webhooks of the sandbox's GitHub: signed, logged, sent again when asked to (FACTS 1.10)."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.providers.stub import Seen, Stub, reply

from .conftest import Registered
from .running import eventually
from .test_contracts import CONTRACTS, contract


@pytest.fixture
def receiver() -> Iterator[Stub]:
    stub = Stub(otherwise=lambda _seen: reply({}, 202))
    yield stub
    stub.close()


class Hooked:
    """A repository whose webhook leads to a receiver."""

    def __init__(self, project: Registered, receiver: Stub, **config: Any) -> None:
        self.project, self.receiver = project, receiver
        url = f"{receiver.url.replace('127.0.0.1', 'localhost')}/webhooks/github"
        body = {
            "name": "web",
            "config": {"url": url, "content_type": "json", "secret": "s3cret", **config},
            "events": ["*"],
        }
        made = project.sandbox.ask("POST", f"{project.github}/hooks", body)
        assert made.status == 201, made
        self.path = f"{project.github}/hooks/{made.body['id']}"
        self.waits_for("ping")

    def waits_for(self, event: str, action: str = "") -> Seen:
        def found() -> list[Seen]:
            told = [each for each in self.receiver.seen if each.headers["x-github-event"] == event]
            return [
                each for each in told if not action or json.loads(each.body)["action"] == action
            ]

        seen: Seen = eventually(found)[0]
        return seen

    def log(self, event: str) -> list[Any]:
        attempts = self.project.sandbox.get(f"{self.path}/deliveries?per_page=100")
        return [one for one in attempts if one["event"] == event]


@pytest.fixture
def hooked(project: Registered, receiver: Stub) -> Hooked:
    return Hooked(project, receiver)


def test_a_commit_that_lands_is_told_signed(hooked: Hooked) -> None:
    sha = hooked.project.act("commits", subject="a change")["sha"]
    seen = hooked.waits_for("push")
    payload = json.loads(seen.body)
    assert (payload["after"], payload["ref"]) == (sha, "refs/heads/main")
    assert payload["repository"]["full_name"] == f"demo/{hooked.project.name}"
    mark = hmac.new(b"s3cret", seen.body, hashlib.sha256).hexdigest()
    assert seen.headers["x-hub-signature-256"] == f"sha256={mark}"


def test_checks_are_told_when_they_end(hooked: Hooked) -> None:
    sha = hooked.project.act("commits", subject="a change")["sha"]
    hooked.waits_for("check_suite", "completed")
    runs = [json.loads(seen.body) for seen in hooked.receiver.seen
            if seen.headers["x-github-event"] == "check_run"]  # fmt: skip
    assert [run["check_run"]["head_sha"] for run in runs] == [sha] * 4


def test_pull_requests_releases_and_tags_are_told(hooked: Hooked) -> None:
    project = hooked.project
    number = project.act("pulls", subject="a pull")["number"]
    assert json.loads(hooked.waits_for("pull_request", "opened").body)["number"] == number
    project.act("pulls/approve", number=number)
    hooked.waits_for("pull_request_review", "submitted")
    project.act("pulls/merge", number=number)
    hooked.waits_for("pull_request", "closed")
    project.sandbox.ask("POST", f"{project.github}/releases", {"tag_name": "v9.0.0"})
    hooked.waits_for("release", "published")
    assert json.loads(hooked.waits_for("create").body)["ref"] == "v9.0.0"


def test_a_dropped_delivery_is_logged_and_comes_again_under_its_guid(hooked: Hooked) -> None:
    sandbox = hooked.project.sandbox
    sandbox.act("faults", provider="webhooks", kind="drop", path="push", times=1)
    hooked.project.act("commits", subject="a change")
    failed = eventually(lambda: hooked.log("push"))[0]
    assert (failed["status_code"], failed["redelivery"]) == (0, False)
    answer = sandbox.ask("POST", f"{hooked.path}/deliveries/{failed['id']}/attempts", {})
    assert answer.status == 202
    assert hooked.waits_for("push").headers["x-github-delivery"] == failed["guid"]
    again = eventually(lambda: [one for one in hooked.log("push") if one["redelivery"]])[0]
    assert (again["guid"], again["status"]) == (failed["guid"], "OK")


def test_a_refusal_is_logged_and_not_repeated(hooked: Hooked) -> None:
    hooked.receiver.otherwise = lambda _seen: reply({}, 500)
    hooked.project.act("commits", subject="a change")
    eventually(lambda: hooked.log("check_suite"))
    codes = [one["status_code"] for one in hooked.log("push")]
    assert codes == [500]


@pytest.mark.contracts
@pytest.mark.skipif(not CONTRACTS.is_dir(), reason="The vendors' contracts are not beside us.")
def test_its_log_is_as_the_document_says(hooked: Hooked) -> None:
    """A repository's log has the shape of an App's, which is in the document."""
    hooked.project.act("commits", subject="a change")
    eventually(lambda: hooked.log("push"))
    attempts = hooked.project.sandbox.get(f"{hooked.path}/deliveries")
    judge = contract("github")
    judge.check_response(judge.operation("GET", "/app/hook/deliveries"), 200, attempts)


def test_it_tells_this_machine_only(project: Registered) -> None:
    body = {"config": {"url": "http://example.com/hook"}}
    assert project.sandbox.ask("POST", f"{project.github}/hooks", body).status == 422


def test_the_log_has_pages(hooked: Hooked) -> None:
    hooked.project.act("commits", subject="a change")
    eventually(lambda: hooked.log("check_suite"))
    answer = hooked.project.sandbox.ask("GET", f"{hooked.path}/deliveries?per_page=2")
    assert len(answer.body) == 2
    following = answer.headers["Link"].split(">")[0].lstrip("<")
    path = following.removeprefix(hooked.project.sandbox.url)
    ids = [one["id"] for one in answer.body]
    assert hooked.project.sandbox.get(path)[0]["id"] < min(ids)
