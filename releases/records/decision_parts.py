"""The parts of a record that were made here: decisions, what went live, issues, deeds."""

from typing import Any

from django.db.models import Prefetch

from ..models.approval import Approval
from ..models.edited_notes import EditedNotes
from ..models.promotion import Promotion
from ..models.release import Release
from .beside_release import rows_of
from .record import Part


def decisions(release: Release) -> Part:
    promotions = (
        Promotion.objects.filter(release=release)
        .select_related("environment")
        .prefetch_related(Prefetch("approvals", Approval.objects.order_by("at")))
        .order_by("id")
    )
    data = {"promotions": [_told_promotion(promotion) for promotion in promotions]}
    unknown = "" if data["promotions"] else "Nobody has asked for its promotion here."
    source = "AgentMesh Release: gates as they were at each decision"
    return Part("decisions", "Gates and approvals", source, data, unknown=unknown)


def _told_promotion(promotion: Promotion) -> dict[str, Any]:
    return {
        "id": promotion.pk,
        "environment": promotion.environment.kind,
        "state": promotion.state,
        "state_word": promotion.get_state_display(),
        "requested_by": promotion.requested_by,
        "requested_at": promotion.requested_at,
        "reason": promotion.reason,
        "plan": promotion.plan,
        "plan_hash": promotion.plan_hash,
        "is_decided": bool(promotion.decided),
        "checklist": promotion.decided or promotion.checklist,
        "executed_by": promotion.executed_by,
        "executed_at": promotion.executed_at,
        "outcome": promotion.outcome,
        "ended_at": promotion.ended_at,
        "approvals": [_told_approval(promotion, each) for each in promotion.approvals.all()],
    }


def _told_approval(promotion: Promotion, approval: Approval) -> dict[str, Any]:
    return {
        "by": approval.by,
        "at": approval.at,
        "comment": approval.comment,
        "plan_hash": approval.plan_hash,
        "is_of_the_last_plan": approval.plan_hash == promotion.plan_hash,
        "checklist": approval.checklist,
    }


def production(release: Release) -> Part:
    data = {
        "activations": rows_of(release, "activation"),
        "rollbacks": rows_of(release, "rollback"),
    }
    unknown = "" if data["activations"] else "It was never seen live."
    source = "AgentMesh Release, confirmed by reading Vercel"
    return Part("production", "Deployments", source, data, unknown=unknown)


def issues(release: Release) -> Part:
    data = {"issues": rows_of(release, "issue")}
    return Part("known_issues", "Known issues", "Noted here", data)


def history(release: Release) -> Part:
    """Deeds, and whether a person wrote the changelog: its texts are in the export alone."""
    edited: EditedNotes | None = getattr(release, "edited_notes", None)
    data: dict[str, Any] = {"events": rows_of(release, "event"), "edited_changelog": None}
    if edited:
        deferred = edited.get_deferred_fields()
        names = [name for name in ("by", "at", "text", "generated") if name not in deferred]
        data["edited_changelog"] = {name: getattr(edited, name) for name in names}
    return Part("history", "What people did", "The audit log", data)
