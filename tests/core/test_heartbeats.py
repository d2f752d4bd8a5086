"""Signs of life, and letting go of what has had its day."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from agentmesh_release.core import heartbeats, tasks
from agentmesh_release.core.models import Heartbeat

pytestmark = pytest.mark.django_db


def test_a_part_is_seen_at_its_last_beat() -> None:
    heartbeats.beat("sweep")
    Heartbeat.objects.update(at=timezone.now() - timedelta(hours=1))
    heartbeats.beat("sweep")
    assert timezone.now() - Heartbeat.objects.get().at < timedelta(minutes=1)


def test_a_worker_that_is_long_gone_is_forgotten() -> None:
    for part, hours in (("worker:old", 25), ("worker:new", 1)):
        Heartbeat.objects.create(part=part, at=timezone.now() - timedelta(hours=hours))
    tasks.forget()
    assert [each.part for each in Heartbeat.objects.all()] == ["worker:new"]


def test_a_session_that_has_ended_is_forgotten() -> None:
    for key, hours in (("ended", -1), ("present", 1)):
        Session.objects.create(session_key=key, expire_date=timezone.now() + timedelta(hours=hours))
    tasks.forget()
    assert [each.session_key for each in Session.objects.all()] == ["present"]
