"""The audit log page."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from .. import pages
from ..access import permitted, scopes_of
from ..models.audit_event import AuditEvent, AuditEventQuerySet
from ..paging import page_of

FILTERS = ("person", "verb", "project", "subject", "since", "until", "q")


@require_GET
@permitted("audit.read")
def audit_log(request: HttpRequest) -> HttpResponse:
    """Everything that anybody did, newest first; filters are in the URL. Whose role is one of a
    project reads what was done there."""
    chosen = {name: request.GET.get(name, "").strip()[:120] for name in FILTERS}
    events = _filtered(chosen)
    scopes = scopes_of(request.user, "audit.read")
    page = page_of(events if scopes is None else events.filter(scope__in=scopes), request)
    newest = AuditEvent.objects.filter(position__isnull=False).order_by("-position").first()
    context = {
        "page": page,
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "newest_seal": newest,
    }
    return pages.render(request, "core/audit.html", context)


def _filtered(chosen: dict[str, str]) -> AuditEventQuerySet:
    wanted: dict[str, Any] = {}
    if chosen["person"]:
        wanted["actor"] = chosen["person"]
    if chosen["project"]:
        wanted["scope"] = chosen["project"]
    if chosen["subject"]:
        wanted["subject"] = chosen["subject"]
    if since := _day(chosen["since"]):
        wanted["at__gte"] = since
    if end := _day(chosen["until"], after=timedelta(days=1)):
        wanted["at__lt"] = end
    events: AuditEventQuerySet = AuditEvent.objects.filter(**wanted)
    if chosen["verb"]:
        events = events.filter(Q(verb=chosen["verb"]) | Q(verb__startswith=f"{chosen['verb']}."))
    if chosen["q"]:
        events = events.saying(chosen["q"])
    return events


def _day(text: str, after: timedelta = timedelta()) -> datetime | None:
    """The start of that day, or so long after it; None for what is no day."""
    try:
        day = parse_date(text)
        return timezone.make_aware(datetime.combine(day, time.min) + after) if day else None
    except (ValueError, OverflowError):
        return None
