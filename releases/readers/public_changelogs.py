"""What a project tells everybody: its published releases, without people.

Names and addresses of authors are left out; links to the repository stand only where they are
allowed. Off until somebody switches it on.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils.safestring import SafeString

from agentmesh_release.core import audit, live
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.markdown import render

from ..conventional import changelog
from ..conventional.markdown import Links, escaped
from ..models.project import Project
from ..models.public_changelog import PublicChangelog
from ..models.release import Release, ReleaseQuerySet

PER_PAGE = 5
_ADDRESS = re.compile(r"<?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+>?")


@dataclass(frozen=True)
class Told:
    """One release as everybody may read it; `markdown` has no title."""

    release: Release
    markdown: str
    smaller: int

    @property
    def html(self) -> SafeString:
        return render(self.markdown)

    @property
    def changed_at(self) -> datetime:
        """When what is told of it changed last."""
        out_at: datetime | None = self.release.out_at  # type: ignore[attr-defined]
        return max(filter(None, (self.release.withdrawn_at, out_at, self.release.released_at)))


def published(opened: PublicChangelog) -> ReleaseQuerySet:
    """What is told: published releases, and those that were and are withdrawn since; the highest
    version first."""
    was_out = Q(publication__published_at__isnull=False) | Q(cut_by="")
    releases: ReleaseQuerySet = Release.objects.filter(
        Q(state__in=[Release.State.PUBLISHED, Release.State.TAGGED])
        | (Q(state=Release.State.WITHDRAWN) & was_out),
        project=opened.project_id,
    )
    releases = releases if opened.has_prereleases else releases.stable()
    releases = releases.annotate(out_at=F("publication__published_at"))
    return releases.select_related("project", "edited_notes").order_by("-precedence")


def told_of(opened: PublicChangelog, releases: Sequence[Release]) -> list[Told]:
    """The releases as everybody may read them."""
    return [_told(opened, release) for release in releases]


def _told(opened: PublicChangelog, release: Release) -> Told:
    if release.is_withdrawn or not release.changelog:
        return Told(release, "", 0)
    edited = getattr(release, "edited_notes", None)
    if edited:
        text = edited.text if opened.has_links else _unlinked(edited.text, release.project)
        return Told(release, _without_addresses(text), 0)
    whole = changelog.from_json(release.changelog)
    links = Links(release.project.repository_url) if opened.has_links else None
    parts = [part for part in whole.sections if not part.is_folded]
    text = "\n\n".join("\n".join(_section(part, links)) for part in parts)
    smaller = sum(len(part.entries) for part in whole.sections if part.is_folded)
    return Told(release, _without_addresses(text), smaller)


def _section(part: changelog.Section, links: Links | None) -> Iterator[str]:
    """The changes of one kind, in words alone: nobody's name, and no commit but where it leads."""
    yield from (f"### {part.title}", "")
    for entry in part.entries:
        scope = f"**{escaped(entry.scope)}:** " if entry.scope else ""
        yield f"- {scope}{escaped(entry.description)}{_reference(entry, links)}"
        for note in entry.notes:
            yield from (f"  {escaped(line)}" for line in note.splitlines() if line.strip())


def _reference(entry: changelog.Entry, links: Links | None) -> str:
    number = entry.pull_request
    if links and number:
        return f" ([#{number}]({links.pull_request(number)}))"
    if links:
        return f" ([{entry.sha[:7]}]({links.commit(entry.sha)}))"
    return f" (#{number})" if number else ""


def _unlinked(text: str, project: Project) -> str:
    """The text with what leads to the repository taken out; its words stay."""
    address = re.escape(project.repository_url)
    text = re.sub(rf"\[([^\]\n]*)\]\({address}[^)\s]*\)", r"\1", text, flags=re.IGNORECASE)
    return re.sub(rf"<?{address}[^\s)>]*>?", "", text, flags=re.IGNORECASE)


def _without_addresses(text: str) -> str:
    return _ADDRESS.sub("…", text)


def choose(
    project: Project,
    *,
    is_public: bool,
    has_links: bool,
    has_prereleases: bool,
    by: Actor,
    reason: str,
    now: datetime,
) -> None:
    """Show the project's changelog to everybody, or to nobody outside any more."""
    wanted = {"has_links": has_links, "has_prereleases": has_prereleases}
    with transaction.atomic(), live.one_notice():
        if is_public:
            PublicChangelog.objects.update_or_create(
                project=project, defaults={**wanted, "changed_at": now}
            )
        else:
            PublicChangelog.objects.filter(project=project).delete()
        audit.record(
            "changelog.open" if is_public else "changelog.close",
            actor=by,
            subject=f"project:{project.pk}",
            label=project.name,
            scope=project.slug,
            reason=reason,
            data=wanted if is_public else {},
        )
        live.stale(f"project:{project.slug}")
