"""Cutting releases, and following them."""

from datetime import datetime
from typing import Annotated, Literal, Self

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from ninja import Header, Router, Schema, Status
from pydantic import Field, StringConstraints

from agentmesh_release.core import idempotency, polls
from agentmesh_release.core.api.bearer import acting, needs
from agentmesh_release.core.dialogs import REASON_LIMIT
from agentmesh_release.core.refusals import Refused

from ..drafting import cutting
from ..models.project import Project
from ..models.publication import Publication
from ..models.release import Release
from .commits import CommitSha

router = Router(tags=["Releases"])


class CutIn(Schema):
    """Which version, and why."""

    bump: Literal["auto", "patch", "minor", "major"] = Field(
        "auto", description="`auto` takes what the commits ask for."
    )
    head_sha: CommitSha | None = Field(
        None, description="The newest commit that you know of; cut only if nothing came after it."
    )
    channel: str = Field("", description="Of the project's policy, such as `rc`: a pre-release.")
    reason: Annotated[str, StringConstraints(max_length=REASON_LIMIT, strip_whitespace=True)] = ""


class ReleaseOut(Schema):
    """A release, and how far it is."""

    project: str
    version: str
    tag: str
    commit: str
    state: Literal["cut", "publishing", "published", "tagged", "withdrawn"] = Field(
        description="It is `publishing` until it is `published` at GitHub; `cut` again means that "
        "this failed, as `outcome` says; `tagged` was not cut here."
    )
    outcome: str = Field(description="How the last attempt to publish it ended, in a sentence.")
    bump: str
    is_prerelease: bool
    commit_count: int
    released_at: datetime
    cut_by: str
    url: str = Field(description="Its page, for people.")

    @classmethod
    def of(cls, release: Release) -> Self:
        return cls(
            project=release.project.slug,
            commit=release.commit_sha,
            outcome=_outcome(release),
            url=page_of(release),
            **{
                name: getattr(release, name)
                for name in (
                    "version", "tag", "state", "bump", "is_prerelease", "commit_count",
                    "released_at", "cut_by",
                )
            },
        )  # fmt: skip


@router.post(
    "/projects/{slug:slug}/releases",
    operation_id="cutRelease",
    url_name="api-releases",
    response={202: ReleaseOut},
    **needs("releases:cut"),
)
def cut(
    request: HttpRequest,
    response: HttpResponse,
    slug: str,
    wish: CutIn,
    idempotency_key: Annotated[
        str,
        Header(
            alias="Idempotency-Key",
            description="With the same key (and request) nothing is cut twice, for a week.",
        ),
    ] = "",
) -> Status[ReleaseOut]:
    """Cut a release: version, commit and changelog are frozen, it is published at GitHub, and its
    promotion is asked for in the name of the token's owner. Nothing goes live by this. Follow it
    where `Location` says.
    """
    project = get_object_or_404(Project, slug=slug)
    actor = acting(request)
    _guard_read(project, wish.head_sha)

    def act() -> str:
        return cutting.cut(
            project,
            by=actor,
            head_sha=wish.head_sha or project.trunk_sha,
            bump=wish.bump,
            channel=wish.channel,
            reason=wish.reason,
            now=timezone.now(),
        ).subject

    done = idempotency.once(idempotency_key, scope=slug, asked={"cut": wish.model_dump()}, act=act)
    release = _releases(slug).get(pk=int(done.subject.partition(":")[2]))
    response["Location"] = reverse("api-release", args=[slug, release.version])
    if done.is_repeat:
        response["Idempotent-Replayed"] = "true"
    return Status(202, ReleaseOut.of(release))


@router.get(
    "/projects/{slug:slug}/releases/{version}",
    operation_id="getRelease",
    url_name="api-release",
    response=ReleaseOut,
    **needs("releases:cut"),
)
def release(request: HttpRequest, slug: str, version: str) -> ReleaseOut:
    """One release, and how far it is."""
    return ReleaseOut.of(named(slug, version))


def _guard_read(project: Project, head_sha: str | None) -> None:
    """A program may be quicker than we are; then it is asked to wait for us.

    Raises Refused (`commit_not_read`).
    """
    if head_sha in (None, project.trunk_sha) or project.commits.filter(sha=head_sha).exists():
        return
    polls.hurry("github", project.slug)
    raise Refused(
        "commit_not_read",
        f"{project} at {str(head_sha)[:7]} has not been read yet. It is read now: try again in a "
        "few seconds.",
    )


def page_of(release: Release) -> str:
    """The release's page as a whole address."""
    return str(settings.BASE_URL) + reverse("release", args=[release.project.slug, release.version])


def _outcome(release: Release) -> str:
    publication: Publication | None = getattr(release, "publication", None)
    operation = publication.operation if publication else None
    return operation.outcome if operation else ""


def _releases(slug: str) -> QuerySet[Release]:
    return (
        Release.objects.filter(project__slug=slug)
        .select_related("project", "publication__operation")
        .defer("changelog")
    )


def named(slug: str, name: str) -> Release:
    """The release of that version or tag, or the newest not withdrawn. Raises Http404."""
    found = _releases(slug)
    if name:
        found = found.filter(Q(version=name) | Q(tag=name))
    else:
        found = found.exclude(state=Release.State.WITHDRAWN)
    newest = found.order_by("-precedence").first()
    if newest is None:
        raise Http404
    return newest
