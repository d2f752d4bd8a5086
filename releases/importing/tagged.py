"""The releases of an imported history: one for each version tag, as the tags stand."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db import connection
from semver import Version

from .. import changelogs
from ..conventional.versions import is_stable, precedence_key
from ..history import History, Tag
from ..history.git import Git
from ..history.unreadable import printable
from ..models.project import Project
from ..models.release import Release

_AT_ONCE = 500


@dataclass(frozen=True)
class Line:
    """The releases to be: `tags` in the order of their numbers, those that are known already with
    their ids, and sentences about tags that were left out."""

    tags: tuple[Tag, ...]
    known: Mapping[int, int]
    warnings: tuple[str, ...]

    @property
    def numbers(self) -> dict[str, int]:
        return {tag.name: number for number, tag in enumerate(self.tags)}


def line_up(project: Project, history: History, git: Git) -> Line:
    """Bring together the tags of the history and the releases that are known.

    A version that is known stays at its commit, also where its tag is missing or has moved.
    """
    known = {
        each.version: each
        for each in Release.objects.filter(project=project).defer("changelog", "project")
    }
    tags: list[Tag] = []
    ids: dict[int, int] = {}
    warnings: list[str] = []
    for tag in history.tags:
        release = known.get(str(tag.version))
        if not Release.fits(tag.name, tag.version):
            warnings.append(f"Tag {printable(tag.name, 80)} is left out: it is too long.")
            continue
        if release is not None and release.commit_sha != tag.sha:
            warnings.append(_moved(tag, release))
            continue
        if release is not None:
            ids[len(tags)] = known.pop(release.version).pk
        tags.append(tag)
    for release in _there(git, known.values()):
        ids[len(tags)] = release.pk
        tags.append(_as_tag(release))
    return Line(tuple(tags), ids, tuple(warnings))


def create(project: Project, line: Line, history: History) -> dict[int, int]:
    """Store the releases that are new, without their changelogs; gives ids by number."""
    fresh = [number for number in range(len(line.tags)) if number not in line.known]
    releases = Release.objects.bulk_create(
        (_release(project, line.tags[number], history) for number in fresh), _AT_ONCE
    )
    ids = (release.pk for release in releases)
    return {**line.known, **dict(zip(fresh, ids, strict=True))}


def follow_up(project: Project, touched: Collection[int]) -> None:
    """Link each release to the one that it follows, and write the changelogs that are not right:
    of new releases, of `touched` ones, and of those that follow another one now.

    What was cut here is frozen and left as it is.
    """
    everything = Release.objects.filter(project=project)
    rows = list(
        everything.order_by("precedence", "version").values_list(
            "pk", "is_prerelease", "previous_id", "cut_by"
        )
    )
    before = _predecessors((pk, is_prerelease) for pk, is_prerelease, _, _ in rows)
    tagged = [(pk, previous) for pk, _, previous, cut_by in rows if not cut_by]
    linked = {pk: before[pk] for pk, previous in tagged if previous != before[pk]}
    _link(linked)
    untold = set(everything.filter(changelog={}).values_list("pk", flat=True))
    wrong = linked.keys() | untold | set(touched)
    changelogs.rewrite([pk for pk, _ in tagged if pk in wrong])


def _moved(tag: Tag, release: Release) -> str:
    return (
        f"Tag {printable(tag.name, 80)} is on {tag.sha[:7]}, but {release.version} was released "
        f"from {release.commit_sha[:7]}; a released version does not move, so the tag is left out."
    )


def _there(git: Git, releases: Iterable[Release]) -> list[Release]:
    """Those whose commit the repository has."""
    wanted = list(releases)
    if not wanted:
        return []
    asked = "".join(f"{release.commit_sha}\n" for release in wanted).encode()
    answers = git.text("cat-file", "--batch-check=%(objecttype)", stdin=asked).splitlines()
    return [release for release, kind in zip(wanted, answers, strict=True) if kind == "commit"]


def _as_tag(release: Release) -> Tag:
    version = Version.parse(release.version)
    return Tag(release.tag, version, release.commit_sha, release.released_at, is_annotated=False)


def _release(project: Project, tag: Tag, history: History) -> Release:
    return Release(
        project=project,
        version=str(tag.version),
        precedence=precedence_key(tag.version),
        is_prerelease=not is_stable(tag.version),
        tag=tag.name,
        commit_sha=tag.sha,
        state=Release.State.TAGGED,
        released_at=history.released_at(tag),
    )


def _predecessors(releases: Iterable[tuple[int, bool]]) -> dict[int, int | None]:
    """Which release each one follows, of releases in order of precedence: the next lower one; a
    stable one follows a stable one."""
    before: dict[int, int | None] = {}
    lower = stable = None
    for pk, is_prerelease in releases:
        before[pk] = lower if is_prerelease else stable
        lower = pk
        stable = stable if is_prerelease else pk
    return before


def _link(previous: Mapping[int, int | None]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE releases_release AS release SET previous_id = link.previous_id
            FROM unnest(%s::bigint[], %s::bigint[]) AS link (id, previous_id)
            WHERE release.id = link.id
            """,
            [list(previous), list(previous.values())],
        )
