"""Asking whether a release may go out."""

from datetime import datetime
from typing import Annotated, Literal, Self
from urllib.parse import urljoin

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from agentmesh_release.core.api.bearer import needs
from agentmesh_release.core.gates import Item

from ..production.promotable import Answer, may_go_out
from .releases import ReleaseOut, named, page_of

router = Router(tags=["Releases"])


class VerdictOut(Schema):
    """How one gate judges."""

    gate: str
    label: str
    state: Literal["passed", "failed", "inconclusive", "pending", "waived"]
    summary: str
    way: str = Field(description="The way forward, where there is one.")
    evidence_url: str
    as_of: datetime | None = Field(description="When the evidence was read; null is just now.")

    @classmethod
    def of(cls, item: Item, page: str) -> Self:
        verdict = item.verdict
        evidence = urljoin(page, verdict.evidence_url) if verdict.evidence_url else ""
        return cls(
            gate=item.gate,
            label=item.label,
            state=verdict.state,
            summary=verdict.summary,
            way=verdict.way,
            evidence_url=evidence,
            as_of=verdict.as_of,
        )


class PromotableOut(Schema):
    """Whether a release may go out to production now, and what stands in its way."""

    promotable: bool
    sentence: str
    promotion: str = Field(description="How its promotion stands; empty when nobody asked for it.")
    release: ReleaseOut
    checklist: list[VerdictOut]
    checked_at: datetime | None

    @classmethod
    def of(cls, answer: Answer) -> Self:
        page = page_of(answer.release)
        return cls(
            promotable=answer.is_promotable,
            sentence=answer.sentence,
            promotion=answer.promotion.state if answer.promotion else "",
            release=ReleaseOut.of(answer.release),
            checklist=[VerdictOut.of(item, page) for item in answer.checklist],
            checked_at=answer.checklist.checked_at,
        )


@router.get(
    "/projects/{slug:slug}/promotable",
    operation_id="isPromotable",
    url_name="api-promotable",
    response=PromotableOut,
    **needs("promotable:read"),
)
def promotable(
    request: HttpRequest,
    slug: str,
    release: Annotated[
        str,
        Query(description="A version or tag; without it, the newest release."),
        Field(max_length=250),
    ] = "",
) -> PromotableOut:
    """May this go out? Asks every gate as pressing Promote would; unknown is not passed."""
    return PromotableOut.of(may_go_out(named(slug, release), timezone.now()))
