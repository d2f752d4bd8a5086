"""What polling was answered is known to every process, and costs nothing to ask again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agentmesh_release.core import tasks
from agentmesh_release.core.known_answers import KnownAnswers
from agentmesh_release.core.models import KnownAnswer
from agentmesh_release.providers.etags import Kept

pytestmark = pytest.mark.django_db
KEY = "https://api.github.com/repos/demo/api/tags?per_page=100 application/json"


def test_it_comes_back_as_it_was_with_how_the_list_goes_on() -> None:
    shelf = KnownAnswers()
    for etag in ('"one"', '"two"'):
        shelf.put(KEY, Kept(etag, {"Link": "<x>", "Server": "nginx"}, b"\x00\xff", False))
    assert shelf.take(KEY) == Kept('"two"', {"Link": "<x>"}, b"\x00\xff", False)
    assert shelf.take("another") is None


def test_no_address_rests_in_the_table() -> None:
    KnownAnswers().put(KEY, Kept('"one"', {}, b"[]", True))
    assert len(KnownAnswer.objects.get().key) == 64


def test_an_endless_etag_is_not_kept() -> None:
    KnownAnswers().put(KEY, Kept("x" * 201, {}, b"[]", True))
    assert not KnownAnswer.objects.exists()


def test_what_has_not_changed_for_two_weeks_is_forgotten() -> None:
    for key in ("old", "new"):
        KnownAnswers().put(key, Kept('"one"', {}, b"[]", True))
    old = KnownAnswer.objects.order_by("pk").first()
    assert old is not None
    KnownAnswer.objects.filter(pk=old.pk).update(kept_at=timezone.now() - timedelta(days=15))
    tasks.forget()
    assert KnownAnswer.objects.count() == 1
