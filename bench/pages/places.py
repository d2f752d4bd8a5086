"""Where to look: an address for each view of the URLconf that a world has something for."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count
from django.urls import NoReverseMatch

from incidents.models import Incident
from releases.models import Project, Promotion, PullRequest, Release, Rollback
from tests.pages.addresses import VIEWS, url_of

# What lists are asked for besides all: rare and common words, filters that fit nearly everything.
QUERIES = {
    "overview": ("form=lanes", "q=scale-1"),
    "history": (
        "project={slug}", "q=queue", "q=v3.1", "q=rate+limit&type=fix", "q=a", "type=feat",
        "type=breaking", "author=Person+7", "author=Person", "environment=production", "q=%23123",
        "q=closes", "since=2026-01-01", "project={slug}&q=queue&type=feat", "before=3000",
        "project={small}&q=queue",
    ),
    "audit": (
        "person=Ada", "project={slug}", "project={small}", "verb=release", "q=support",
        "q=nowhere+to+be+found", "since=2026-01-01&until=2026-01-02", "before=300000",
        "person=Ada&q=nowhere",
    ),
    "metrics": ("period=28d", "period=1y", "sort=-lead"),
    "project-metrics": ("period=28d", "period=1y"),
    "draft": ("before=499900",),
    "comparison": ("with={old}",),
    "incidents": ("before=100",),
}  # fmt: skip


def places() -> Iterator[str]:
    """Every address, those of one project for the largest."""
    known = _values()
    for name in VIEWS:
        values = {**known, "pk": known["pks"].get(name, known["pk"])}
        try:
            address = url_of(name, **values)
        except (NoReverseMatch, KeyError):
            continue  # of another namespace, or nothing there
        yield address
        yield from (f"{address}?{each.format(**known)}" for each in QUERIES.get(name, ()))


def _values() -> dict[str, Any]:
    by_size = Project.objects.annotate(size=Count("releases")).order_by("-size")
    large, small = by_size[0], by_size.last() or by_size[0]
    own = Release.objects.filter(project=large).stable().order_by("-precedence")
    promotion = Promotion.objects.filter(release__project=large).order_by("-pk").first()
    rollback = Rollback.objects.filter(release__project=large).order_by("-pk").first()
    running = promotion.release if promotion else own[0]
    incident = Incident.objects.order_by("-number").first()
    pull = PullRequest.objects.filter(project=large).order_by("-number").first()
    return {
        "slug": large.slug,
        "small": small.slug,
        "version": running.version,
        "old": own[20].version,
        "pk": promotion.pk if promotion else 0,
        "pks": {"rollback": rollback.pk if rollback else 0},
        "number": incident.number if incident else pull.number if pull else 0,
    }
