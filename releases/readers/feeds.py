"""Feeds of releases: Atom (RFC 4287) and JSON Feed 1.1, out of the same entries."""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch
from django.template.loader import render_to_string
from django.utils.feedgenerator import Atom1Feed

from agentmesh_release.core import markdown

from ..conventional import changelog
from ..models.activation import Activation
from ..models.environment import Environment
from ..models.release import Release, ReleaseQuerySet

JSON_FEED = "https://jsonfeed.org/version/1.1"
MOST_ENTRIES = 15
# What XML 1.0 cannot hold, not even escaped (section 2.2), and browsers do not show.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Entry:
    """One release; `url` is absolute and stays, `updated_at` is when it was last cut, edited, put
    live or taken off. `html` is safe to be shown."""

    url: str
    title: str
    published_at: datetime
    updated_at: datetime
    author: str
    html: str


@dataclass(frozen=True)
class Feed:
    """Entries newest first; `page_url` is for people, `url` is the feed's own."""

    title: str
    url: str
    page_url: str
    entries: tuple[Entry, ...]

    @property
    def updated_at(self) -> datetime | None:
        return max((entry.updated_at for entry in self.entries), default=None)


def newest(slugs: Collection[str] | None) -> list[Release]:
    """The releases that a feed tells, of these projects, or of all where there is None."""
    in_production = Activation.objects.filter(
        environment__kind=Environment.Kind.PRODUCTION
    ).order_by("since")
    told = Release.objects.select_related("project", "edited_notes")
    releases: ReleaseQuerySet = told.among(slugs).prefetch_related(
        Prefetch("activations", in_production, to_attr="ran")
    )
    return list(releases.order_by("-released_at", "-pk")[:MOST_ENTRIES])


def entry_of(release: Release, url: str) -> Entry:
    """The release as an entry; what its changelog holds is escaped."""
    ran: list[Activation] = release.ran  # type: ignore[attr-defined]
    moments = [release.released_at, *(each.since for each in ran)]
    moments += [each.until for each in ran if each.until]
    edited = getattr(release, "edited_notes", None)
    moments += [edited.at] if edited else []
    moments += [release.withdrawn_at] if release.withdrawn_at else []
    told = changelog.from_json(release.changelog).sections if release.changelog else ()
    context = {
        "release": release,
        "project": release.project,
        "first": ran[0] if ran else None,
        "is_live": any(each.until is None for each in ran),
        "written": markdown.render(edited.text) if edited else "",
        "sections": [section for section in told if not section.is_folded],
        "rest": sum(len(section.entries) for section in told if section.is_folded),
    }
    return Entry(
        url=url,
        title=plain(f"{release} (withdrawn)" if release.is_withdrawn else str(release)),
        published_at=release.released_at,
        updated_at=max(moments),
        author=plain(release.cut_by),
        html=plain(render_to_string("releases/feed_entry.html", context)).strip(),
    )


def plain(text: str) -> str:
    """The text without what no feed can hold."""
    return _NOT_XML.sub("", text)


def as_atom(feed: Feed) -> bytes:
    """The feed as an Atom document in UTF-8."""
    atom = Atom1Feed(
        title=feed.title,
        link=feed.page_url,
        description="",
        language="en",
        author_name="AgentMesh Release",
        feed_url=feed.url,
    )
    for entry in feed.entries:
        atom.add_item(
            title=entry.title,
            link=entry.url,
            description=entry.html,
            unique_id=entry.url,
            pubdate=entry.published_at,
            updateddate=entry.updated_at,
            author_name=entry.author or None,
        )
    return atom.writeString("utf-8").encode()


def as_json(feed: Feed) -> bytes:
    """The feed as a JSON Feed 1.1 in UTF-8."""
    items = [
        {
            "id": entry.url,
            "url": entry.url,
            "title": entry.title,
            "content_html": entry.html,
            "date_published": entry.published_at.isoformat(),
            "date_modified": entry.updated_at.isoformat(),
            **({"authors": [{"name": entry.author}]} if entry.author else {}),
        }
        for entry in feed.entries
    ]
    document = {
        "version": JSON_FEED,
        "title": feed.title,
        "home_page_url": feed.page_url,
        "feed_url": feed.url,
        "language": "en",
        "items": items,
    }
    return json.dumps(document, ensure_ascii=False).encode()
