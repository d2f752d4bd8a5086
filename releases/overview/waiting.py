"""What waits for the person who looks: the one list that sorts by urgency."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.urls import reverse

from agentmesh_release.core.access import Visitor, may, one_of
from agentmesh_release.core.figures import count
from agentmesh_release.core.gates import Checklist, Item

from ..models.promotion import Promotion
from .lanes import Lane


@dataclass(frozen=True)
class Waiting:
    """One thing that this person can do now."""

    title: str
    facts: str
    url: str
    act: str
    icon_name: str
    state: str = ""


def way_for(visitor: Visitor, item: Item) -> str:
    """The way forward as this person reads it: who may approve and is looking is "you"."""
    way = item.verdict.way
    if item.gate != "approvals" or not visitor.is_authenticated:
        return way
    names, said, rest = way.partition(" may approve")
    others = re.split(", | or ", names)
    if visitor.name not in others:
        return way
    others.remove(visitor.name)
    return one_of(["You", *others]) + said + rest


def for_reader(visitor: Visitor, checklist: Checklist) -> Checklist:
    """The checklist with every way forward as this person reads it."""
    items = (
        replace(item, verdict=replace(item.verdict, way=way_for(visitor, item)))
        for item in checklist
    )
    return replace(checklist, items=tuple(items))


def waiting_for(visitor: Visitor, lanes: Iterable[Lane]) -> list[Waiting]:
    """Decisions on production first, then approvals, then promotions that are ready."""
    found = [
        (rank, waiting)
        for lane in lanes
        for rank, waiting in enumerate(
            (_adopt(visitor, lane), _approve(visitor, lane), _promote(visitor, lane))
        )
        if waiting
    ]
    return [waiting for _, waiting in sorted(found, key=lambda pair: pair[0])]


def _adopt(visitor: Visitor, lane: Lane) -> Waiting | None:
    slug = lane.project.slug
    if not (lane.live and lane.live.is_outside and may(visitor, "production.adopt", slug)):
        return None
    return Waiting(
        f"Decide on {lane.project} {lane.live.name}.",
        "It went live outside AgentMesh Release, past every gate. Automation is held.",
        reverse("adoption", args=[slug]),
        "Decide",
        "alert",
        "outside",
    )


def _approve(visitor: Visitor, lane: Lane) -> Waiting | None:
    promotion = lane.promotion
    if promotion is None or not _asks_approval_of(visitor, promotion):
        return None
    others = lane.checklist.without("approvals")
    last = "; yours is the last." if others.is_clear else "."
    return Waiting(
        f"Approve {promotion.release}.",
        f"{promotion.requested_by} asked. {len(others.clear)} of {len(others)} other gates are "
        f"clear{last}",
        _release_url(promotion),
        "Review",
        "person",
    )


def _asks_approval_of(visitor: Visitor, promotion: Promotion) -> bool:
    return (
        promotion.is_requested
        and bool(promotion.plan.get("build"))
        and promotion.requester_id != visitor.pk
        and may(visitor, "promotion.approve", promotion.scope)
        and any(
            item["gate"] == "approvals" and item["state"] == "pending"
            for item in promotion.checklist.get("items", [])
        )
        and visitor.pk not in getattr(promotion, "approved_by", ())
    )


def _promote(visitor: Visitor, lane: Lane) -> Waiting | None:
    promotion = lane.promotion
    if promotion is None or lane.release_state != "ready":
        return None
    if not may(visitor, "promotion.execute", promotion.scope):
        return None
    commits = count(promotion.release.commit_count, "commit").capitalize()
    return Waiting(
        f"Promote {promotion.release}.",
        f"All {len(lane.checklist)} gates are clear. {commits}.",
        _release_url(promotion),
        "Review",
        "arrow-up",
    )


def _release_url(promotion: Promotion) -> str:
    release = promotion.release
    return reverse("release", args=[release.project.slug, release.version])
