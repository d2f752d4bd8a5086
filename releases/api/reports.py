"""Sending reports: the body as it is, or as the one file of a form."""

import re
from typing import Annotated, Literal

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Header, Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from agentmesh_release.core.api.bearer import acting, needs
from agentmesh_release.core.refusals import Refused

from .. import intake
from ..intake import About
from ..models.artifact import Artifact
from ..models.project import Project
from .artifacts import ArtifactOut
from .commits import CommitSha

router = Router(tags=["Reports"])
FORM = "multipart/form-data"
_FRAME = 64_000  # bytes that a form puts around its file
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,59}", re.ASCII)
_UNSAID = ("", "application/x-www-form-urlencoded")
_BODY = {"schema": {"type": "string", "format": "binary"}}


class ReportIn(Schema):
    """What is sent, about which commit."""

    kind: Literal[tuple(Artifact.Kind.values)]  # type: ignore[valid-type]
    commit: CommitSha
    name: Annotated[
        str,
        StringConstraints(max_length=200, strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f/\\]*$"),
        Field(description="Tells several of a kind apart; without it the file's name, or the kind"),
    ] = ""
    run_url: Annotated[
        str,
        StringConstraints(max_length=500, pattern=r"^(https?://[^\s<>\"]+)?$"),
        Field(description="The CI run that it comes from."),
    ] = ""


@router.post(
    "/projects/{slug:slug}/reports",
    operation_id="sendReport",
    url_name="api-reports",
    response={201: ArtifactOut},
    **needs(
        "reports:write",
        requestBody={
            "required": True,
            "content": {
                "application/xml": _BODY,
                "application/json": _BODY,
                "application/octet-stream": _BODY,
                FORM: {
                    "schema": {
                        "type": "object",
                        "required": ["file"],
                        "properties": {"file": {"type": "string", "format": "binary"}},
                    }
                },
            },
        },
    ),
)
def send_report(
    request: HttpRequest,
    response: HttpResponse,
    slug: str,
    about: Query[ReportIn],
    idempotency_key: Annotated[
        str,
        Header(
            alias="Idempotency-Key",
            description="With the same key (and request) nothing is kept twice, for a week.",
        ),
    ] = "",
) -> Status[ArtifactOut]:
    """Send a report or a file about a commit. It is read at once: what cannot be read is refused,
    with what is wrong and where, and nothing is kept. Of several that have kind, commit and name in
    common, the newest counts.
    """
    project = get_object_or_404(Project, slug=slug)
    media_type, name, body = _sent(request, about.kind)
    received = intake.receive(
        project,
        About(about.kind, about.commit, about.name or name, media_type, about.run_url),
        body,
        by=acting(request),
        key=idempotency_key,
    )
    artifact = received.artifact
    response["Location"] = reverse("api-artifact", args=[slug, artifact.pk])
    if received.is_repeat:
        response["Idempotent-Replayed"] = "true"
    return Status(201, ArtifactOut.of(artifact, slug))


def _sent(request: HttpRequest, kind: str) -> tuple[str, str, bytes]:
    """Media type, name and bytes; nothing is read that would be too large."""
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if request.headers.get("Content-Encoding"):
        raise Refused("encoded", "Send the body as it is, without Content-Encoding.", status=415)
    if request.content_type == FORM:
        intake.guard_size(kind, length - _FRAME)
        return _file(request, kind)
    intake.guard_size(kind, length)
    return _media_type(request.content_type), kind, request.read()


def _file(request: HttpRequest, kind: str) -> tuple[str, str, bytes]:
    files = request.FILES.getlist("file")
    if len(files) != 1 or len(request.FILES) != 1:
        raise Refused("no_file", "The form has to hold one file, under the name file.", status=422)
    [file] = files
    assert isinstance(file, UploadedFile)  # noqa: S101
    intake.guard_size(kind, file.size or 0)
    name = (file.name or kind)[:200]
    return _media_type(file.content_type or ""), name, file.read()


def _media_type(said: str | None) -> str:
    """Raises Refused (415): curl says that everything is a form, unless it is told otherwise."""
    if said in _UNSAID or not _MEDIA_TYPE.fullmatch(said or ""):
        raise Refused(
            "wrong_media_type",
            "Say what the body is in its Content-Type, for example application/xml "
            "(with curl: -H 'Content-Type: application/xml').",
            status=415,
        )
    return str(said)
