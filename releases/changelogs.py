"""Writing the changelogs of releases, from the commits that each of them tells."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from .conventional.changelog import Changelog, as_json, build
from .conventional.changes import Change, change_of
from .models.commit import Commit, CommitQuerySet
from .models.release import Release

_AT_ONCE = 200
_FETCHED = 500


def changes_of(commits: CommitQuerySet) -> Iterator[Change]:
    """These commits as changes, newest first, read from the database a few at a time."""
    rows = commits.order_by("-position").values_list("sha", "message", "author_name", "is_merge")
    for sha, message, author, is_merge in rows.iterator(_FETCHED):
        yield change_of(sha, message, author, is_merge=is_merge)


def tell(
    changes: Iterable[Change], *, tag: str, released_at: datetime | None, previous: Release | None
) -> Changelog:
    """The changelog of the release of that tag, counted from `previous`."""
    before = previous.tag if previous else None
    return build(changes, version=tag, released_at=released_at, previous=before)


def rewrite(release_ids: Sequence[int]) -> None:
    """Build the changelogs of these releases anew and store them; a few in memory at a time."""
    for start in range(0, len(release_ids), _AT_ONCE):
        some = Release.objects.filter(pk__in=release_ids[start : start + _AT_ONCE])
        releases = {each.pk: each for each in some.select_related("previous").defer("changelog")}
        stable = {pk for pk, each in releases.items() if not each.is_prerelease}
        told = dict(_changes("stable_release_id", stable))
        told |= dict(_changes("release_id", releases.keys() - stable))
        _store([(each, _retold(each, told.get(each.pk, ()))) for each in releases.values()])


def _retold(release: Release, changes: Sequence[Change]) -> Changelog:
    return tell(
        changes, tag=release.tag, released_at=release.released_at, previous=release.previous
    )


def _changes(column: str, ids: Iterable[int]) -> Iterator[tuple[int, list[Change]]]:
    """The changes of each of these releases, newest first."""
    rows = (
        Commit.objects.filter(**{f"{column}__in": list(ids)})
        .order_by(column, "-position")
        .values_list(column, "sha", "message", "author_name", "is_merge")
    )
    for release_id, group in groupby(rows.iterator(_FETCHED), itemgetter(0)):
        yield (
            release_id,
            [
                change_of(sha, message, author, is_merge=merge)
                for _, sha, message, author, merge in group
            ],
        )


def _store(written: list[tuple[Release, Changelog]]) -> None:
    values: list[list[Any]] = [
        [release.pk for release, _ in written],
        [json.dumps(as_json(changelog)) for _, changelog in written],
        [changelog.commit_count for _, changelog in written],
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE releases_release AS release
            SET changelog = told.changelog::jsonb, commit_count = told.commit_count
            FROM unnest(%s::bigint[], %s::text[], %s::int[])
                AS told (id, changelog, commit_count)
            WHERE release.id = told.id
            """,
            values,
        )
