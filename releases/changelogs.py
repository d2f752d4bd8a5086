"""Writing the changelogs of releases, from the commits that each of them tells."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from .conventional.changelog import Changelog, as_json, build
from .conventional.changes import Change, change_of
from .conventional.policy import Policy
from .models.commit import Commit, CommitQuerySet
from .models.release import Release

_AT_ONCE = 200
_FETCHED = 500
_ROW = ("sha", "message", "author_name", "is_merge")
Row = tuple[str, str, str, bool]


def changes_of(commits: CommitQuerySet, policy: Policy) -> Iterator[Change]:
    """These commits as changes, newest first, read from the database a few at a time."""
    for row in commits.order_by("-position").values_list(*_ROW).iterator(_FETCHED):
        yield _change(row, policy)


def tell(
    changes: Iterable[Change],
    policy: Policy,
    *,
    tag: str,
    previous: Release | None,
    released_at: datetime | None = None,
) -> Changelog:
    """The changelog of the release of that tag, counted from `previous`."""
    before = previous.tag if previous else None
    return build(changes, version=tag, released_at=released_at, previous=before, policy=policy)


def rewrite(release_ids: Sequence[int]) -> None:
    """Build the changelogs of these releases anew and store them; a few in memory at a time."""
    for start in range(0, len(release_ids), _AT_ONCE):
        some = Release.objects.filter(pk__in=release_ids[start : start + _AT_ONCE])
        known = some.select_related("previous", "project")
        releases = {each.pk: each for each in known.defer("changelog", "previous__changelog")}
        policies = {each.project_id: each.project.policy for each in releases.values()}
        commits = _told_by(releases)
        _store(
            [
                (each, _retold(each, commits.get(pk, ()), policies[each.project_id]))
                for pk, each in releases.items()
            ]
        )


def _retold(release: Release, commits: Iterable[Row], policy: Policy) -> Changelog:
    return tell(
        [_change(row, policy) for row in commits],
        policy,
        tag=release.tag,
        released_at=release.released_at,
        previous=release.previous,
    )


def _change(row: Row, policy: Policy) -> Change:
    sha, message, author, is_merge = row
    return change_of(sha, message, author, policy=policy, is_merge=is_merge)


def _told_by(releases: Mapping[int, Release]) -> dict[int, list[Row]]:
    """The commits that each of these releases tells, newest first."""
    stable = {pk for pk, each in releases.items() if not each.is_prerelease}
    found = dict(_grouped("stable_release_id", stable))
    return found | dict(_grouped("release_id", releases.keys() - stable))


def _grouped(column: str, ids: Iterable[int]) -> Iterator[tuple[int, list[Row]]]:
    rows = (
        Commit.objects.filter(**{f"{column}__in": list(ids)})
        .order_by(column, "-position")
        .values_list(column, *_ROW)
    )
    for release_id, group in groupby(rows.iterator(_FETCHED), itemgetter(0)):
        yield release_id, [row[1:] for row in group]


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
