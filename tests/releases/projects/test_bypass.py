"""Closing the bypass: looked at, switched off at Vercel, read back, on record."""

import pytest
from django.utils import timezone

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import AuditEvent
from agentmesh_release.core.refusals import Refused
from releases.models import Environment
from releases.projects import bypass
from tests.releases.sandboxed import Demo

pytestmark = pytest.mark.django_db
DANA = Actor("person", "Dana", 1)


def close(demo: Demo) -> bool:
    return bypass.close(demo.project, by=DANA, reason="we go live", now=timezone.now())


def changes(demo: Demo) -> list[object]:
    events = demo.sandbox.journal(vendor="vercel", project=demo.project.slug)
    return [each for each in events if each["kind"] == "setting_changed"]


def test_it_is_switched_off_once_and_read_back(demo: Demo) -> None:
    demo.act("bypass", open=True)
    assert close(demo)
    production = Environment.objects.get(project=demo.project, kind="production")
    assert production.assigns_by_itself is False
    event = AuditEvent.objects.get(verb="production.close_bypass")
    assert (event.actor, event.reason) == ("Dana", "we go live")
    before = len(changes(demo))
    assert not close(demo)
    assert len(changes(demo)) == before
    assert AuditEvent.objects.filter(verb="production.close_bypass").count() == 1


def test_what_vercel_says_against_it_is_said(demo: Demo) -> None:
    demo.act("bypass", open=True)
    demo.sandbox.act("faults", provider="vercel", kind="403")
    with pytest.raises(Refused, match="may not do this") as refused:
        close(demo)
    assert refused.value.status == 409  # a page of ours; HTMX shows none of a 502
    demo.sandbox.act("faults/clear")
    assert not AuditEvent.objects.filter(verb="production.close_bypass").exists()
