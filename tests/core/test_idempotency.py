"""What is asked for twice is done once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from agentmesh_release.core import idempotency
from agentmesh_release.core.idempotency import Done, once
from agentmesh_release.core.models import IdempotencyKey
from agentmesh_release.core.refusals import Refused
from tests.at_once import at_once


@pytest.fixture
def acts() -> list[str]:
    return []


@pytest.fixture
def ask(acts: list[str]) -> Callable[..., Done]:
    def act() -> str:
        acts.append("done")
        return f"thing:{len(acts)}"

    def ask(key: str, scope: str = "api", **asked: str) -> Done:
        return once(key, scope=scope, asked=asked, act=act)

    return ask


@pytest.mark.django_db
def test_the_same_request_under_the_same_key_is_done_once(ask: Callable[..., Done]) -> None:
    assert ask("k", what="a") == Done("thing:1", is_repeat=False)
    assert ask("k", what="a") == Done("thing:1", is_repeat=True)


@pytest.mark.django_db
def test_another_request_under_the_same_key_is_refused(ask: Callable[..., Done]) -> None:
    ask("k", what="a")
    with pytest.raises(Refused) as refusal:
        ask("k", what="b")
    assert (refusal.value.code, refusal.value.status) == ("idempotency_key_reused", 422)


@pytest.mark.django_db
def test_projects_do_not_share_keys_and_without_one_all_is_new(ask: Callable[..., Done]) -> None:
    done = [ask("k"), ask("k", scope="front"), ask(""), ask("")]
    assert [each.subject for each in done] == ["thing:1", "thing:2", "thing:3", "thing:4"]


@pytest.mark.django_db
def test_what_failed_may_be_tried_again_under_its_key(ask: Callable[..., Done]) -> None:
    def fail() -> str:
        raise Refused("not_now", "Not now.")

    with pytest.raises(Refused, match="Not now"):
        once("k", scope="api", asked={}, act=fail)
    assert not ask("k").is_repeat


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["x" * 256, "ümlaut", "a\nb"])
def test_a_key_that_is_none_is_refused(ask: Callable[..., Done], key: str) -> None:
    with pytest.raises(Refused, match="printable ASCII"):
        ask(key)


@pytest.mark.django_db
def test_keys_are_forgotten_after_a_week(ask: Callable[..., Done]) -> None:
    ask("old")
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(days=8))
    ask("new")
    idempotency.forget()
    assert IdempotencyKey.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_done_once(acts: list[str], ask: Callable[..., Done]) -> None:
    found: list[Done] = []
    assert at_once(*2 * [lambda: found.append(ask("k"))]) == ["done", "done"]
    assert sorted(found, key=lambda done: done.is_repeat) == [
        Done("thing:1", is_repeat=False),
        Done("thing:1", is_repeat=True),
    ]
    assert acts == ["done"]
