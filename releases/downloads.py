"""Handing out the bytes of an artifact, which strangers wrote, as a file and nothing else."""

from base64 import b64encode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header

from .models.artifact import Artifact


def download(slug: str, pk: int) -> HttpResponse:
    """The artifact of that project as an attachment, which no browser shows or guesses at, with
    its digest (RFC 9530). Raises Http404.
    """
    artifact = get_object_or_404(Artifact.objects.with_bodies(), project__slug=slug, pk=pk)
    disposition = content_disposition_header(as_attachment=True, filename=artifact.name)
    return HttpResponse(
        bytes(artifact.body),
        content_type=artifact.media_type,
        headers={
            "Content-Disposition": disposition or "attachment",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
            "Repr-Digest": f"sha-256=:{b64encode(bytes.fromhex(artifact.digest)).decode()}:",
        },
    )
