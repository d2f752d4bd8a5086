"""The artifacts of a commit as pages show them: what each says, against the release before."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef

from .models.artifact import Artifact
from .models.project import Project
from .models.release import Release
from .reports import FIGURES, Difference, Reading, compare, in_words
from .rows import as_rows, moments

FIELDS = (
    "id", "kind", "name", "commit_sha", "media_type", "digest", "size", "summary", "figures",
    "problems", "run_url", "sent_by", "received_at",
)  # fmt: skip
# How a page shows a difference.
STATES: Mapping[str, str] = {
    "worse": "warning",
    "better": "passed",
    "same": "idle",
    "changed": "idle",
    "unknown": "unknown",
}
# Where there is any of these, something has failed.
BAD = ("failed", "failed_migrations", "errors")
# More than these a commit has only by mistake; the API keeps them all the same.
MOST = 200


@dataclass(frozen=True)
class ShownArtifact:
    """One artifact: its row as a mapping, what it says (whether that is bad, in words), and what
    changed."""

    row: Mapping[str, Any]
    kind: str
    said: tuple[tuple[bool, str], ...]
    differences: tuple[Difference, ...]

    @property
    def told(self) -> list[tuple[str, str]]:
        """The differences as state and words."""
        return [(STATES[each.state], each.words) for each in self.differences]

    @property
    def is_file(self) -> bool:
        """Nothing was read of it, so there is nothing to compare."""
        return str(self.row["kind"]) == Artifact.Kind.FILE


def of_release() -> Any:
    """To annotate releases with: rows of their artifacts, and of those before them."""
    rows = Artifact.objects.filter(
        project=OuterRef("project"),
        commit_sha__in=[OuterRef("commit_sha"), OuterRef("previous__commit_sha")],
    )
    return as_rows(rows.order_by("-id")[: 2 * MOST], *FIELDS)


def of(release: Release) -> list[ShownArtifact]:
    """Those of a release that was annotated with `artifact_rows`, against the release before."""
    rows: list[dict[str, Any]] = release.artifact_rows  # type: ignore[attr-defined]
    return shown(rows, release.commit_sha)


def of_head(project: Project, before: Release | None) -> list[ShownArtifact]:
    """Those of the head of the project's trunk against those of the release before."""
    shas = [project.trunk_sha, *([before.commit_sha] if before else [])]
    rows = Artifact.objects.filter(project=project, commit_sha__in=shas)
    found = rows.order_by("-id").values(*FIELDS)[: 2 * MOST]
    return shown(found, project.trunk_sha)


def shown(rows: Iterable[Mapping[str, Any]], sha: str) -> list[ShownArtifact]:
    """Those of that commit; the others are what they are compared with. Rows newest first.

    Of several that have kind, commit and name in common the newest counts.
    """
    newest: dict[tuple[str, str, str], Mapping[str, Any]] = {}
    for row in moments([dict(row) for row in rows]):
        newest.setdefault((row["commit_sha"], row["kind"], row["name"]), row)
    mine = [row for (at, _, _), row in newest.items() if at == sha]
    before = {(kind, name): row for (at, kind, name), row in newest.items() if at != sha}
    order = list(Artifact.Kind)
    mine.sort(key=lambda row: (order.index(Artifact.Kind(row["kind"])), row["name"]))
    return [_shown(row, before.get((row["kind"], row["name"]))) for row in mine]


def _shown(row: Mapping[str, Any], before: Mapping[str, Any] | None) -> ShownArtifact:
    old = _reading(before) if before else None
    kind = Artifact.Kind(row["kind"])
    differences = () if kind == Artifact.Kind.FILE else compare(kind, _reading(row), old)
    return ShownArtifact(row, str(kind.label), tuple(_said(row)), differences)


def _reading(row: Mapping[str, Any]) -> Reading:
    return Reading(row["summary"], row["figures"])


def _said(row: Mapping[str, Any]) -> Iterator[tuple[bool, str]]:
    """What a reader looks for first: counts of bad things only where there are any."""
    figures: Mapping[str, float] = row["figures"]
    for name, figure in FIGURES.items():
        is_count_of_bad = figure.better == "less" and figure.many and name != "findings"
        if name in figures and (figures[name] or not is_count_of_bad):
            yield name in BAD, in_words(name, figures[name])
