"""The Evidence tab of a release, and what an auditor takes along."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from agentmesh_release.core import audit, pages, polls
from agentmesh_release.core.access import acting, may, permitted
from agentmesh_release.core.gates import Checklist

from .. import artifacts, known_issues
from ..models.build_log import BuildLog
from ..models.dossier import Dossier, subject_of
from ..models.release import Release
from ..records import document, markdown
from ..records.beside_release import releases
from ..records.gathering import gather
from ..records.record import PAGE, Record
from .release_tabs import tabs

READ_AGAIN = ("evidence", "security-alerts")
MOST_PRINTED = 200
# What is on paper has nothing to press, and says times in full: it is read in years.
ON_PAPER = {"is_record": True, "said": "full", "may_add_issue": False, "may_close_issue": False}


def _release_or_404(slug: str, version: str, *, with_texts: bool = True) -> Release:
    known = releases(with_texts=with_texts)
    return get_object_or_404(known, project__slug=slug, version=version)


@require_GET
@permitted("read")
def evidence(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """Everything that is known of how it came about, with its age."""
    release = _release_or_404(slug, version, with_texts=False)
    context = _context(request, release, gather(release, PAGE))
    return pages.render(request, "releases/evidence.html", context)


@require_GET
@permitted("read")
def record(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """The change record as a page to print, with the digest of the whole."""
    release = _release_or_404(slug, version)
    told = gather(release)
    digest = document.document(told)["sha256"]["record"]
    _exported(request, release, "page", digest)
    context = _context(request, release, told.with_pulls(MOST_PRINTED)) | ON_PAPER
    return pages.render(request, "releases/record.html", {**context, "digest": digest})


def _context(request: HttpRequest, release: Release, told: Record) -> dict[str, object]:
    return {
        "release": release,
        "project": release.project,
        "record": told,
        "decisions": _decisions(told),
        "artifacts": artifacts.of(release),
        "issues": known_issues.of(release),
        "tabs": tabs(release, "evidence"),
        "may_ask": may(request.user, "evidence.ask", release.project.slug),
        "may_add_issue": may(request.user, "known_issue.add", release.project.slug),
        "may_close_issue": may(request.user, "known_issue.close", release.project.slug),
    }


def _decisions(told: Record) -> list[dict[str, object]]:
    """Each promotion with its checklist as it was, the newest first."""
    promotions = told.decisions.data["promotions"]
    return [
        {**promotion, "gates": Checklist.from_json(promotion["checklist"])}
        for promotion in reversed(promotions)
    ]


@require_POST
@permitted("evidence.ask")
def reading(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """Have it read again; what is known stays until the answers are there."""
    release = _release_or_404(slug, version, with_texts=False)
    release.project.refuse_archived()
    Dossier.ask(release, by=acting(request), now=timezone.now())
    for kind in READ_AGAIN:
        polls.ensure(kind, slug)
        polls.hurry(kind, slug)
    messages.success(request, "Its evidence is being read again; it appears here by itself.")
    return redirect("evidence", slug=slug, version=version)


@require_GET
@permitted("read")
def as_json(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """The whole record as JSON with digests."""
    release = _release_or_404(slug, version)
    told = document.document(gather(release))
    _exported(request, release, "json", told["sha256"]["record"])
    name = f"{slug}-{release.version}-evidence.json"
    return _file(document.as_json(told), "application/json; charset=utf-8", name)


@require_GET
@permitted("read")
def as_markdown(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """The change record as Markdown, with the digests of the JSON."""
    release = _release_or_404(slug, version)
    told = gather(release)
    digests = document.document(told)["sha256"]
    _exported(request, release, "markdown", digests["record"])
    name = f"{slug}-{release.version}-change-record.md"
    text = markdown.render(told, digests)
    return _file(text.encode(), "text/markdown; charset=utf-8", name)


@require_GET
@permitted("read")
def build_log(request: HttpRequest, slug: str, vercel_id: str) -> HttpResponse:
    """What is kept of a build's log."""
    found = get_object_or_404(
        BuildLog, deployment__project__slug=slug, deployment__vercel_id=vercel_id
    )
    return _file(found.text.encode(), "text/plain; charset=utf-8", f"{slug}-{vercel_id}.log")


def _exported(request: HttpRequest, release: Release, form: str, digest: str) -> None:
    """Who took a record along, and which: its digest says what it said."""
    audit.record(
        "evidence.export",
        actor=acting(request),
        subject=subject_of(release),
        data={"form": form, "sha256": digest},
        **release.audit_place,
    )


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    patch_cache_control(response, private=True, no_cache=True)
    return response
