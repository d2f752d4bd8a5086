"""GitHub's webhooks: what each leads to, and that any mess of them ends where polling ends."""

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from agentmesh_release.core import incoming, polls
from agentmesh_release.core.leases import clock
from agentmesh_release.core.models import IncomingWebhook, Poll
from releases.models import Activation, CheckSummary, Deployment, Project, PullRequest
from releases.polling import ensure
from tests.core.webhooks import SECRET, send

from .conftest import NEW_SHA, Api
from .imports import everything
from .sandboxed import Demo

pytestmark = pytest.mark.django_db
State = IncomingWebhook.State
PAYLOADS = Path(__file__).parents[3] / "shared" / "contracts" / "webhooks" / "github"
FILES = sorted(PAYLOADS.glob("*/*.json"))
IGNORED = {"deployment_protection_rule", "deployment_review"}
OF_NEW = {"head_sha": NEW_SHA}
absent = pytest.mark.skipif(not FILES, reason="The vendors' contracts are not beside us.")


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_WEBHOOK_SECRET", SECRET)


def apply(event: str, payload: object) -> IncomingWebhook:
    assert send(event, payload).status_code == 202
    webhook = IncomingWebhook.objects.latest("pk")
    incoming.apply(webhook.pk)
    webhook.refresh_from_db()
    return webhook


def touching(**fields: object) -> dict[str, object]:
    return {"repository": {"full_name": "Demo/API"}, **fields}


def hurried() -> set[tuple[str, str]]:
    """What is due within a second, by kind and scope."""
    due = Poll.objects.filter(due_at__lt=clock() + timedelta(seconds=1))
    return set(due.values_list("kind", "scope"))


@pytest.fixture
def calm(api: Api) -> Api:
    """A project that is polled, and nothing is due."""
    ensure(api.project)
    Poll.objects.update(due_at=clock() + timedelta(hours=1))
    return api


@pytest.mark.parametrize(
    ("event", "fields", "kind", "scope"),
    [
        ("push", {"ref": "refs/heads/main"}, "github", "api"),
        ("push", {"ref": "refs/tags/v9"}, "github", "api"),
        ("create", {"ref": "v9", "ref_type": "tag"}, "github", "api"),
        ("delete", {"ref": "main", "ref_type": "branch"}, "github", "api"),
        ("release", {"release": {"tag_name": "v9"}}, "github", "api"),
        ("repository", {"action": "edited"}, "github", "api"),
        ("branch_protection_rule", {"action": "edited"}, "github", "api"),
        ("pull_request", {"pull_request": {"number": 7}}, "github-pull", "api#7"),
        ("pull_request_review", {"pull_request": {"number": 7}}, "github-pull", "api#7"),
        ("check_run", {"check_run": OF_NEW}, "github-checks", f"api@{NEW_SHA}"),
        ("check_suite", {"check_suite": OF_NEW}, "github-checks", f"api@{NEW_SHA}"),
        ("workflow_run", {"workflow_run": OF_NEW}, "github-checks", f"api@{NEW_SHA}"),
        ("workflow_job", {"workflow_job": OF_NEW}, "github-checks", f"api@{NEW_SHA}"),
        ("merge_group", {"merge_group": OF_NEW}, "github-checks", f"api@{NEW_SHA}"),
        ("status", {"sha": NEW_SHA}, "github-checks", f"api@{NEW_SHA}"),
        ("deployment_status", {}, "vercel", "api"),
        ("dependabot_alert", {"action": "created"}, "security-alerts", "api"),
    ],
)  # fmt: skip
def test_it_has_read_again_what_it_names(
    calm: Api, event: str, fields: dict[str, object], kind: str, scope: str
) -> None:
    assert apply(event, touching(**fields)).state == State.APPLIED
    assert hurried() == {(kind, scope)}


@pytest.mark.parametrize(
    ("event", "payload", "why"),
    [
        ("push", touching(ref="refs/heads/topic"), "The branch topic is not read here."),
        ("push", touching(ref="refs/notes/x"), "Nothing here depends on push events."),
        ("status", touching(sha="0" * 40), "The checks of 0000000 are not read here."),
        ("star", touching(), "Nothing here depends on star events."),
        ("push", {"ref": "refs/heads/main"}, "No project here has that repository."),
    ],
)
def test_what_touches_nothing_is_kept_with_the_reason(
    calm: Api, event: str, payload: object, why: str
) -> None:
    webhook = apply(event, payload)
    assert (webhook.state, webhook.note, hurried()) == (State.IGNORED, why, set())


def test_the_head_of_an_open_pull_request_is_read(calm: Api) -> None:
    now = clock()
    PullRequest.objects.create(
        project=calm.project, number=7, title="feat: x", state="open", head_sha="c" * 40,
        url="https://github.com/demo/api/pull/7", created_at=now, read_at=now,
    )  # fmt: skip
    assert apply("check_run", touching(check_run={"head_sha": "c" * 40})).state == State.APPLIED
    assert hurried() == {("github-checks", f"api@{'c' * 40}")}


def test_every_project_of_the_repository_hears_of_it(calm: Api) -> None:
    other = Project.objects.create(slug="front", name="front", repository="demo/api")
    ensure(other)
    Poll.objects.update(due_at=clock() + timedelta(hours=1))
    apply("push", touching(ref="refs/heads/main"))
    assert hurried() == {("github", "api"), ("github", "front")}


def test_an_archived_project_hears_of_nothing(calm: Api) -> None:
    Project.objects.update(archived_at=clock())
    assert apply("push", touching(ref="refs/heads/main")).state == State.IGNORED
    assert hurried() == set()


def test_a_renamed_repository_is_known_by_its_former_name(calm: Api) -> None:
    renamed = {
        "repository": {"full_name": "demo/backend"},
        "changes": {"repository": {"name": {"from": "api"}}},
    }
    assert apply("repository", renamed).about == "demo/backend, demo/api"
    assert hurried() == {("github", "api")}


def test_an_app_that_was_installed_names_its_repositories(calm: Api) -> None:
    payload = {"repositories": [{"full_name": "demo/other"}, {"full_name": "demo/api"}]}
    assert apply("installation", payload).state == State.APPLIED
    assert hurried() == {("github", "api")}


def test_a_form_wraps_the_same(calm: Api) -> None:
    body = urlencode({"payload": json.dumps(touching(ref="refs/heads/main"))}).encode()
    assert apply("push", body).state == State.APPLIED


def test_a_hundred_of_one_object_cost_one_reading(calm: Api) -> None:
    for number in range(100):
        apply("check_run", touching(check_run={"id": number, "head_sha": NEW_SHA}))
    assert hurried() == {("github-checks", f"api@{NEW_SHA}")}


class Replay:
    """GitHub's samples, as if they told of this project, and where everything then ends."""

    def __init__(self, demo: Demo) -> None:
        self.demo, self.project = demo, demo.project
        self.head = demo.land("feat: d")
        demo.tag("v1.2.0", self.head)
        demo.act("pulls", title="fix: e")
        demo.sandbox.act("speed", build_seconds=0, check_seconds=0)

    def payload(self, file: Path) -> bytes:
        text = file.read_text()
        for name in ("Codertocat/Hello-World", "Octocoders/Hello-World", "octo-org/octo-repo"):
            text = text.replace(name, self.project.repository)
        text = text.replace("refs/heads/master", f"refs/heads/{self.project.default_branch}")
        for sha in _shas(json.loads(text)):
            text = text.replace(sha, self.head)
        return text.encode()

    def end(self, files: Sequence[Path], *, polled: bool) -> dict[str, Any]:
        """The end state after these came, undone afterwards."""
        with transaction.atomic():
            for file in files:
                assert send(file.parent.name, self.payload(file)).status_code == 202
            for pk in IncomingWebhook.objects.order_by("delivery").values_list("pk", flat=True):
                incoming.apply(pk)
            assert not IncomingWebhook.objects.exclude(state__in=[State.APPLIED, State.IGNORED])
            self._read(polled=polled)
            found = self._state()
            transaction.set_rollback(True)
        return found

    def _read(self, *, polled: bool) -> None:
        """Do the readings that were asked for; regular polling goes on beside that, or does not."""
        mine = Poll.objects.exclude(kind__in=["app-database", "prometheus"])
        for _ in range(3):
            soon = clock() + timedelta(seconds=1)
            wanted = mine.filter(scope__startswith=self.project.slug)
            for each in wanted if polled else wanted.filter(due_at__lt=soon):
                Poll.objects.filter(pk=each.pk).update(due_at=clock())
                polls.run(each.pk)
                assert not Poll.objects.filter(pk=each.pk).exclude(last_error="")

    def _state(self) -> dict[str, Any]:
        project = Project.objects.get(pk=self.project.pk)
        pulls = PullRequest.objects.filter(project=project)
        checks = CheckSummary.objects.filter(project=project)
        builds = Deployment.objects.filter(project=project)
        return everything(project) | {
            "pulls": set(pulls.values_list("number", "title", "state", "head_sha")),
            "checks": set(checks.values_list("sha", "outcome")),
            "builds": set(builds.values_list("vercel_id", "state", "target")),
            "live": set(Activation.objects.values_list("vercel_id", "until")),
        }


def _shas(value: object) -> set[str]:
    """Every commit id that the payload names."""
    if isinstance(value, dict):
        return set().union(*(_shas(inner) for inner in value.values()))
    if isinstance(value, list):
        return set().union(*(_shas(inner) for inner in value))
    is_sha = isinstance(value, str) and len(value) == 40 and set(value) <= set("0123456789abcdef")
    return {str(value)} if is_sha and set(str(value)) != {"0"} else set()


@pytest.fixture
def replay(demo: Demo) -> Replay:
    Poll.objects.update(due_at=clock() + timedelta(hours=1))
    return Replay(demo)


@pytest.mark.contracts
@absent
def test_every_sample_is_understood(calm: Api) -> None:
    for file in FILES:
        webhook = apply(file.parent.name, file.read_bytes())
        expected = "Nothing here depends" if file.parent.name in IGNORED else "No project here has"
        assert (webhook.state, webhook.note[: len(expected)]) == (State.IGNORED, expected), file


@pytest.mark.contracts
@absent
def test_all_samples_twice_end_where_polling_ends(replay: Replay) -> None:
    alone = replay.end([], polled=True)
    assert [each[0] for each in alone["commits"]][-1] == replay.head
    assert replay.end(FILES, polled=False) == alone
    assert replay.end([*FILES, *reversed(FILES)], polled=True) == alone


@pytest.mark.contracts
@absent
def test_any_of_them_in_any_order_end_where_polling_ends(replay: Replay) -> None:
    alone = replay.end([], polled=True)

    @settings(max_examples=8, deadline=None, database=None)
    @given(st.lists(st.sampled_from(FILES), min_size=1, max_size=20))
    def holds(files: list[Path]) -> None:
        assert replay.end(files, polled=True) == alone

    holds()
