"""From the staged history into the project's commits: new ones come in, known ones are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from ..models.project import Project

_NUMBER = """
    CREATE TEMPORARY TABLE numbered AS
    SELECT * FROM unnest(%(numbers)s::integer[], %(releases)s::bigint[]) AS given (no, release_id)
"""
# The oldest commit of a shallow clone seems to touch everything, until the clone is completed.
_LEAVE_OUT = """
    DELETE FROM releases_commit AS known USING staged
    WHERE known.project_id = %(project)s AND known.sha = staged.sha AND NOT staged.touches
    RETURNING known.release_id, known.stable_release_id
"""
# Where each commit belongs. What is in a release that this clone cannot know stays in it.
_PLACE = """
    CREATE TEMPORARY TABLE placed AS
    SELECT
        staged.sha, staged.place, known.id AS known_id,
        CASE WHEN known.release_id <> ALL (%(releases)s::bigint[])
            THEN known.release_id ELSE first.release_id END AS release_id,
        CASE WHEN known.stable_release_id <> ALL (%(releases)s::bigint[])
            THEN known.stable_release_id ELSE stable.release_id END AS stable_release_id,
        CASE WHEN %(moves_head)s
            THEN staged.is_on_head ELSE coalesce(known.is_on_head, FALSE) END AS is_on_head
    FROM staged
    LEFT JOIN numbered AS first ON first.no = staged.release_no
    LEFT JOIN numbered AS stable ON stable.no = staged.stable_no
    LEFT JOIN releases_commit AS known
        ON known.project_id = %(project)s AND known.sha = staged.sha
    WHERE staged.touches
"""
# Only for a history that grew at its old end: a clone that is no longer shallow.
# The parents of what touches a folder may not touch it, so there the oldest commit is compared.
_GREW_BELOW = """
    SELECT EXISTS (
        SELECT FROM staged
        JOIN placed AS known ON known.sha = staged.sha AND known.known_id IS NOT NULL
        CROSS JOIN unnest(staged.parents) AS parent (sha)
        JOIN placed AS below ON below.sha = parent.sha AND below.known_id IS NULL
    ) OR EXISTS (SELECT FROM staged WHERE NOT touches) AND (
        SELECT max(place) FILTER (WHERE known_id IS NULL) > max(place) FILTER (WHERE known_id > 0)
        FROM placed
    ) IS TRUE
"""
_TOUCHED = """
    SELECT DISTINCT touched.release_id
    FROM placed
    LEFT JOIN releases_commit AS known ON known.id = placed.known_id
    CROSS JOIN unnest(ARRAY[
        placed.release_id, placed.stable_release_id, known.release_id, known.stable_release_id
    ]) AS touched (release_id)
    WHERE (known.release_id, known.stable_release_id)
        IS DISTINCT FROM (placed.release_id, placed.stable_release_id)
    AND touched.release_id IS NOT NULL
"""
_UPDATE = """
    UPDATE releases_commit AS known
    SET release_id = placed.release_id, stable_release_id = placed.stable_release_id,
        is_on_head = placed.is_on_head
    FROM placed
    WHERE known.id = placed.known_id
    AND (known.release_id, known.stable_release_id, known.is_on_head)
        IS DISTINCT FROM (placed.release_id, placed.stable_release_id, placed.is_on_head)
"""
_INSERT = """
    INSERT INTO releases_commit (
        project_id, sha, position, author_name, committed_at, message, subject, type, scope,
        is_breaking, is_merge, is_on_head, pull_request, release_id, stable_release_id
    )
    SELECT
        %(project)s, staged.sha,
        (SELECT coalesce(max(position), 0) FROM releases_commit WHERE project_id = %(project)s)
            + row_number() OVER (ORDER BY staged.place DESC),
        author_name, committed_at, message, subject, type, scope, is_breaking, is_merge,
        placed.is_on_head, pull_request, release_id, stable_release_id
    FROM staged JOIN placed USING (sha)
    WHERE known_id IS NULL
"""
_PLACE_RELEASES = """
    UPDATE releases_release AS release SET is_on_trunk = NOT release.is_on_trunk
    WHERE release.project_id = %(project)s AND release.is_on_trunk <> EXISTS (
        SELECT FROM staged WHERE staged.sha = release.commit_sha AND staged.is_on_head
    )
"""
_TAKE_OFF_HEAD = """
    UPDATE releases_commit AS known SET is_on_head = FALSE
    WHERE known.project_id = %(project)s AND known.is_on_head
    AND NOT EXISTS (SELECT FROM staged WHERE staged.sha = known.sha)
"""
_RENUMBER = """
    UPDATE releases_commit AS known
    SET position = above.top + above.height - staged.place
    FROM staged, (
        SELECT max(position) AS top, (SELECT count(*) FROM staged) AS height
        FROM releases_commit WHERE project_id = %(project)s
    ) AS above
    WHERE known.project_id = %(project)s AND known.sha = staged.sha
"""
# What only GitHub has told stands on top of what the clone has.
_LIFT = """
    UPDATE releases_commit AS known SET position = lifted.position
    FROM (
        SELECT id, row_number() OVER (ORDER BY position)
            + (SELECT max(position) FROM releases_commit WHERE project_id = %(project)s) AS position
        FROM releases_commit AS above
        WHERE project_id = %(project)s AND is_on_head
        AND NOT EXISTS (SELECT FROM staged WHERE staged.sha = above.sha)
    ) AS lifted
    WHERE known.id = lifted.id
"""


@dataclass(frozen=True)
class Merged:
    """How many commits came in, of how many that were known the place or release changed, and the
    ids of the releases that gained or lost some."""

    came: int
    changed: int
    touched: frozenset[int]


def merge(project: Project, releases: Mapping[int, int], *, moves_head: bool) -> Merged:
    """Store the staged history; `releases` maps the tags' numbers to release ids.

    `moves_head` says whether the default branch is what the history says. New commits stand above
    known ones, so positions that are out do not change.
    """
    values: dict[str, Any] = {
        "project": project.pk,
        "moves_head": moves_head,
        "numbers": list(releases),
        "releases": list(releases.values()),
    }
    with connection.cursor() as cursor:
        # Nothing is known of the staged rows that the planner could trust: a nested loop over two
        # tables of 16,000 commits takes minutes where a hash takes a moment.
        cursor.execute("SET LOCAL enable_nestloop TO off")
        cursor.execute(_NUMBER, values)
        cursor.execute(_LEAVE_OUT, values)
        left = cursor.fetchall()
        cursor.execute(_PLACE, values)
        cursor.execute(_GREW_BELOW, values)
        (grew_below,) = cursor.fetchone()
        cursor.execute(_TOUCHED, values)
        touched = frozenset(pk for row in (*cursor.fetchall(), *left) for pk in row if pk)
        cursor.execute(_UPDATE, values)
        changed = cursor.rowcount + len(left)
        cursor.execute(_INSERT, values)
        came = cursor.rowcount
        if moves_head:
            cursor.execute(_TAKE_OFF_HEAD, values)
            changed += cursor.rowcount
            cursor.execute(_PLACE_RELEASES, values)
        if grew_below:
            cursor.execute(_RENUMBER, values)
            cursor.execute(_LIFT, values)
        cursor.execute("SET LOCAL enable_nestloop TO DEFAULT")
    return Merged(came, changed, touched)


def reaches(sha: str) -> bool:
    """Whether the staged default branch has that commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM staged WHERE sha = %s AND is_on_head)", [sha])
        (found,) = cursor.fetchone()
    return bool(found)
