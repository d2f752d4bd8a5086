"""What a project is called: as somebody typed it, or out of the path of its repository."""

import re
from pathlib import Path

from django.db import connection
from django.utils.text import slugify

from agentmesh_release.core.refusals import Refused
from agentmesh_release.core.text import storable

from ..models.project import Project

_LOCK = 0x1290
_LONGEST_NAME = 120
# Leaves room for a number in the 80 characters of a slug.
_LONGEST_SLUG = 70
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]+")


def one_at_a_time() -> None:
    """Let nobody else name a project until the transaction ends, so that none is named twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def kept_path(path: Path) -> str:
    """The path as the project keeps it; names that are no text are made so."""
    return storable(str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def name_of(path: Path, inside: str = "") -> str:
    """The directory's name: of `api.git` it is `api`, of `api/.git` too; of a folder `inside` the
    repository it is that folder's."""
    if inside:
        return tidy(inside.rpartition("/")[2])
    folder = path.parent if path.name == ".git" else path
    return tidy(kept_path(Path(folder.name)).removesuffix(".git")) or "repository"


def tidy(name: str) -> str:
    """A name on one line, of a length that fits."""
    return " ".join(_CONTROL.sub(" ", name).split())[:_LONGEST_NAME]


def free_slug(name: str) -> str:
    """A slug for that name which no project has."""
    wanted = slugify(name)[:_LONGEST_SLUG].strip("-_") or "project"
    taken = set(Project.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    if wanted not in taken:
        return wanted
    return next(slug for n in range(2, len(taken) + 3) if (slug := f"{wanted}-{n}") not in taken)


def wanted_slug(slug: str) -> str:
    """The slug that was asked for. Raises Refused (`bad_slug`, `slug_taken`)."""
    if slug != slugify(slug) or len(slug) > _LONGEST_SLUG:
        raise Refused(
            "bad_slug",
            f"“{tidy(slug)}” cannot be a slug: lower-case letters, digits and dashes, at most "
            f"{_LONGEST_SLUG}.",
        )
    other = Project.objects.filter(slug=slug).first()
    if other:
        raise Refused("slug_taken", f"{slug} is the slug of {other.path or other} already.")
    return slug
