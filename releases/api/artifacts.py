"""Artifacts as programs see them: what was sent about a commit, and its bytes."""

from datetime import datetime
from typing import Any, Self

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Query, Router, Schema
from pydantic import Field

from agentmesh_release.core.api.bearer import needs

from ..downloads import download
from ..models.artifact import Artifact
from ..models.project import Project
from .commits import CommitSha

router = Router(tags=["Reports"])
MOST = 200


class ArtifactOut(Schema):
    """One report or file, without its bytes."""

    id: int
    project: str
    commit: str
    kind: str
    name: str
    media_type: str
    size: int = Field(description="Bytes.")
    digest: str = Field(description="SHA-256 of the bytes, `sha256:` and hex.")
    summary: dict[str, Any] = Field(description="What was read from it; its form is the kind's.")
    figures: dict[str, float] = Field(description="What is compared with the previous release.")
    problems: list[str] = Field(description="What a person should know of it, in sentences.")
    run_url: str
    sent_by: str
    received_at: datetime
    url: str = Field(description="Where its bytes are.")

    @classmethod
    def of(cls, artifact: Artifact, slug: str) -> Self:
        return cls(
            id=artifact.pk,
            project=slug,
            commit=artifact.commit_sha,
            digest=f"sha256:{artifact.digest}",
            url=reverse("api-artifact-body", args=[slug, artifact.pk]),
            **{
                name: getattr(artifact, name)
                for name in (
                    "kind", "name", "media_type", "size", "summary", "figures", "problems",
                    "run_url", "sent_by", "received_at",
                )
            },
        )  # fmt: skip


@router.get(
    "/projects/{slug:slug}/artifacts",
    operation_id="listArtifacts",
    url_name="api-artifacts",
    response=list[ArtifactOut],
    **needs("promotable:read"),
)
def artifacts(request: HttpRequest, slug: str, commit: Query[CommitSha]) -> list[ArtifactOut]:
    """What was sent about a commit, newest first, at most 200."""
    found = get_object_or_404(Project, slug=slug).artifacts.filter(commit_sha=commit)
    return [ArtifactOut.of(artifact, slug) for artifact in found[:MOST]]


@router.get(
    "/projects/{slug:slug}/artifacts/{int:pk}",
    operation_id="getArtifact",
    url_name="api-artifact",
    response=ArtifactOut,
    **needs("promotable:read"),
)
def artifact(request: HttpRequest, slug: str, pk: int) -> ArtifactOut:
    """One artifact, without its bytes."""
    return ArtifactOut.of(get_object_or_404(Artifact, project__slug=slug, pk=pk), slug)


@router.get(
    "/projects/{slug:slug}/artifacts/{int:pk}/body",
    operation_id="downloadArtifact",
    url_name="api-artifact-body",
    **needs("promotable:read"),
)
def artifact_body(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The bytes of an artifact, as they were sent."""
    return download(slug, pk)
