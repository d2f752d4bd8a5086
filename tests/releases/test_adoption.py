"""A person answers for what went live outside: for what they saw, not for what came after it."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agentmesh_release.core import operations
from agentmesh_release.core.models import User
from releases.models import Activation, Hold
from releases.production import going_live
from tests.cast import signed_in

from .conftest import Api

pytestmark = pytest.mark.django_db


def outside(api: Api, build: str) -> Activation:
    with operations.environment_lock(api.production.key):
        now = timezone.now()
        going_live.record_outside(api.production, vercel_id=build, sha="", now=now)
    return Activation.objects.live().get()


def adopt(cleo: User, seen: Activation) -> Any:
    """As the dialog sends it that showed `seen`."""
    typed = {"reason": "a hotfix", "live": seen.pk}
    return signed_in(cleo).post(reverse("adoption", args=["api"]), typed)


def test_adopting_what_was_shown_lifts_the_hold(api: Api, cleo: User) -> None:
    seen = outside(api, "dpl_1")
    assert f'name="live" value="{seen.pk}"' in (
        signed_in(cleo).get(reverse("adoption", args=["api"])).content.decode()
    )
    assert adopt(cleo, seen).status_code == 302
    assert Activation.objects.live().get().adopted_by == "Cleo"
    assert not Hold.objects.standing().exists()


def test_what_went_live_meanwhile_is_not_adopted(api: Api, cleo: User) -> None:
    seen, present = outside(api, "dpl_1"), outside(api, "dpl_2")
    answer = adopt(cleo, seen)
    assert answer.status_code == 409
    assert "dpl_2 went live since this page was shown" in answer.content.decode()
    present.refresh_from_db()
    assert present.is_outside
    assert Hold.objects.standing().exists()
