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
# Only for a history that grew at its old end: a clone that is no longer shallow.
_GREW_BELOW = """
    SELECT EXISTS (
        SELECT FROM releases_commit AS known
        JOIN staged ON staged.sha = known.sha
        CROSS JOIN unnest(staged.parents) AS parent (sha)
        JOIN staged AS below ON below.sha = parent.sha
        LEFT JOIN releases_commit AS old ON old.project_id = %(project)s AND old.sha = below.sha
        WHERE known.project_id = %(project)s AND old.id IS NULL
    )
"""
_TOUCHED = """
    SELECT DISTINCT touched.release_id
    FROM staged
    LEFT JOIN numbered AS first ON first.no = staged.release_no
    LEFT JOIN numbered AS stable ON stable.no = staged.stable_no
    LEFT JOIN releases_commit AS known
        ON known.project_id = %(project)s AND known.sha = staged.sha
    CROSS JOIN unnest(ARRAY[
        first.release_id, stable.release_id, known.release_id, known.stable_release_id
    ]) AS touched (release_id)
    WHERE (known.release_id, known.stable_release_id)
        IS DISTINCT FROM (first.release_id, stable.release_id)
    AND touched.release_id IS NOT NULL
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
        is_on_head AND %(moves_head)s, pull_request, first.release_id, stable.release_id
    FROM staged
    LEFT JOIN numbered AS first ON first.no = staged.release_no
    LEFT JOIN numbered AS stable ON stable.no = staged.stable_no
    WHERE NOT EXISTS (
        SELECT FROM releases_commit AS known
        WHERE known.project_id = %(project)s AND known.sha = staged.sha
    )
"""
_UPDATE = """
    UPDATE releases_commit AS known
    SET release_id = first.release_id, stable_release_id = stable.release_id,
        is_on_head = CASE WHEN %(moves_head)s THEN staged.is_on_head ELSE known.is_on_head END
    FROM staged
    LEFT JOIN numbered AS first ON first.no = staged.release_no
    LEFT JOIN numbered AS stable ON stable.no = staged.stable_no
    WHERE known.project_id = %(project)s AND known.sha = staged.sha
    AND (known.release_id, known.stable_release_id, known.is_on_head) IS DISTINCT FROM (
        first.release_id, stable.release_id,
        CASE WHEN %(moves_head)s THEN staged.is_on_head ELSE known.is_on_head END
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
        cursor.execute(_GREW_BELOW, values)
        (grew_below,) = cursor.fetchone()
        cursor.execute(_TOUCHED, values)
        touched = frozenset(pk for (pk,) in cursor.fetchall())
        cursor.execute(_UPDATE, values)
        changed = cursor.rowcount
        cursor.execute(_INSERT, values)
        came = cursor.rowcount
        if moves_head:
            cursor.execute(_TAKE_OFF_HEAD, values)
            changed += cursor.rowcount
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
