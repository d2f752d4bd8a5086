"""Version tags at GitHub: those that came become releases; those that we made are known.

A version stands for one commit for ever: a tag of a known version on another commit is left out
and said so.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from semver import Version

from agentmesh_release.providers.github import GitHub, Tag

from .. import changelogs, trunk_rows
from ..conventional.versions import NearlyVersion, is_stable, precedence_key, read_tag
from ..history.refs import Ref
from ..history.tags import sort_out
from ..history.unreadable import printable
from ..models.commit import Commit as CommitRow
from ..models.project import Project
from ..models.release import Release
from .places import Inside, Place, find

# Asking when each was published is worth a call for a few, not for an import of thousands.
MOST_DATED = 20
# Tags come by the hundred; more than these are listed when the head moved, and now and then.
FEW = 300
SELDOM_S = 60.0


@dataclass(frozen=True)
class _Listed:
    """What the last listing of this process saw: the head, when (monotonic), how many tags."""

    head: str
    at: float
    count: int


_listed: dict[int, _Listed] = {}


@dataclass(frozen=True)
class Fresh:
    """A tag whose version is new to us."""

    tag: Tag
    version: Version
    place: Place
    released_at: datetime


@dataclass(frozen=True)
class Found:
    """What was read of the tags: new ones in the order of the history, and sentences about the
    rest."""

    fresh: list[Fresh] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def look(project: Project, client: GitHub, head: str) -> Found | None:
    """Read the tags, and where new ones stand; None when that is not due. Raises ProviderError."""
    if not _is_due(project, head):
        return None
    listed = list(client.tags.all(project.repository))
    _listed[project.pk] = _Listed(head, time.monotonic(), len(listed))
    known = dict(Release.objects.filter(project=project).values_list("version", "commit_sha"))
    by_version, nearly = _sorted_out(listed, project.tag_prefix)
    fresh: list[tuple[Tag, Version]] = []
    warnings = list(sort_out(nearly, project.tag_prefix).warnings)
    for version, tags in by_version.items():
        kept = _kept(tags, known.get(version))
        warnings += _left_out(tags, kept, version, known)
        if kept and version not in known:
            parsed = Version.parse(version)
            if Release.fits(kept.name, parsed):
                fresh.append((kept, parsed))
            else:
                warnings.append(f"Tag {printable(kept.name, 80)} is left out: it is too long.")
    return Found(list(_placed(project, client, head, fresh)), warnings)


def store(project: Project, found: Found | None) -> bool:
    """Write it; answers whether a release came. The project's row is locked by the caller."""
    if found is None:
        return False
    if project.warned.get("tags", []) != found.warnings:
        project.warned["tags"] = found.warnings
        project.save(update_fields=["warned"])
    there = set(Release.objects.filter(project=project).values_list("version", flat=True))
    came = [each for each in found.fresh if str(each.version) not in there]
    for each in came:
        _release(project, each)
    return bool(came)


def _is_due(project: Project, head: str) -> bool:
    last = _listed.get(project.pk)
    if last is None or last.count <= FEW or last.head != head:
        return True
    return time.monotonic() - last.at > SELDOM_S


def _sorted_out(tags: Iterable[Tag], prefix: str) -> tuple[dict[str, list[Tag]], list[Ref]]:
    by_version: dict[str, list[Tag]] = defaultdict(list)
    nearly = []
    for tag in tags:
        version = read_tag(tag.name, prefix)
        if isinstance(version, NearlyVersion):
            nearly.append(Ref(tag.name, tag.sha))
        elif version is not None:
            by_version[str(version)].append(tag)
    return by_version, nearly


def _kept(tags: list[Tag], known_sha: str | None) -> Tag | None:
    """`v1.2.3` and `1.2.3` are one version: the one that we know counts, else the first by name."""
    if known_sha is not None:
        return next((tag for tag in tags if tag.sha == known_sha), None)
    return min(tags, key=lambda tag: tag.name)


def _left_out(
    tags: list[Tag], kept: Tag | None, version: str, known: dict[str, str]
) -> Iterator[str]:
    for tag in tags:
        name = printable(tag.name, 80)
        if kept is None:
            yield (
                f"Tag {name} at GitHub is on {tag.sha[:7]}, but {version} was released from "
                f"{known[version][:7]}; a released version does not move, so the tag is left out."
            )
        elif tag.sha != kept.sha:
            other = printable(kept.name, 80)
            yield f"Tag {name} is left out: {other} is the same version on another commit."


def _placed(
    project: Project, client: GitHub, head: str, fresh: list[tuple[Tag, Version]]
) -> Iterator[Fresh]:
    """Oldest first: a tag that another one contains comes before it."""
    places, branch = find(project, client, head, fresh)
    inside = Inside(branch)
    dated = len(fresh) <= MOST_DATED

    def rank(pair: tuple[Tag, Version]) -> tuple[int, int, str]:
        place = places[pair[0].sha]
        return -place.behind_head, len(place.own), precedence_key(pair[1])

    for tag, version in sorted((pair for pair in fresh if pair[0].sha in places), key=rank):
        place = inside.of(places[tag.sha], is_stable(version))
        published = client.releases.by_tag(project.repository, tag.name) if dated else None
        released_at = published.published_at if published else None
        yield Fresh(tag, version, place, released_at or place.committed_at)


def _release(project: Project, each: Fresh) -> None:
    trunk_rows.add(project, each.place.own, is_on_head=False)
    key = precedence_key(each.version)
    release = Release.objects.create(
        project=project,
        version=str(each.version),
        precedence=key,
        is_prerelease=not is_stable(each.version),
        tag=each.tag.name,
        commit_sha=each.tag.sha,
        is_on_trunk=each.place.is_on_trunk,
        state=Release.State.TAGGED,
        previous=_previous(project, each.version),
        released_at=each.released_at,
    )
    commits = CommitRow.objects.filter(project=project)
    if each.place.inside is not None:
        commits.filter(is_on_head=True, sha__in=list(each.place.inside)).enter(release)
    elif each.place.after is not None:
        commits.filter(is_on_head=True).exclude(sha__in=list(each.place.after)).enter(release)
    commits.filter(sha__in=[commit.sha for commit in each.place.own]).enter(release)
    changelogs.rewrite([release.pk])


def _previous(project: Project, version: Version) -> Release | None:
    """The next lower one; a stable one follows a stable one."""
    lower = Release.objects.filter(project=project, precedence__lt=precedence_key(version))
    if is_stable(version):
        lower = lower.stable()
    return lower.order_by("-precedence").defer("changelog").first()
