"""Why a release was found: the commits in it that fit what the reader asked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, Count, F, Q, When, Window
from django.db.models.functions import RowNumber

from ..models.commit import Commit
from ..models.release import Release
from .filters import Filters

_SHOWN = 2


@dataclass(frozen=True)
class Told:
    """The newest of the commits that fit, and how many more there are."""

    commits: tuple[Commit, ...]
    more: int


def told_of(filters: Filters, releases: Sequence[Release]) -> dict[int, Told]:
    """By the release's id, in one query; nothing where no filter asks for commits."""
    if not filters.asks_for_commits or not releases:
        return {}
    stable = [each.pk for each in releases if not each.is_prerelease]
    first = [each.pk for each in releases if each.is_prerelease]
    teller = Case(When(stable_release__in=stable, then=F("stable_release")), default=F("release"))
    rows = (
        filters.commits(unaided=True)
        .filter(Q(stable_release__in=stable) | Q(release__in=first))
        .annotate(
            teller=teller,
            place=Window(RowNumber(), partition_by=teller, order_by="-position"),
            count=Window(Count("pk"), partition_by=teller),
        )
        .filter(place__lte=_SHOWN)
        .only("sha", "subject", "author_name", "pull_request", "project")
        .order_by("-position")
    )
    found: dict[int, list[Commit]] = {}
    for row in rows:
        found.setdefault(row.teller, []).append(row)  # type: ignore[attr-defined]
    return {
        pk: Told(tuple(commits), commits[0].count - len(commits))  # type: ignore[attr-defined]
        for pk, commits in found.items()
    }
