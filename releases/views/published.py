"""What a page shows of a release's publication."""

from typing import Any

from agentmesh_release.core.models import Operation, Step

from ..models.publication import Publication
from ..models.release import Release

# As Vercel's own pages have them; environments of the project's own come after.
FIRST = ("production", "preview", "development")


def shown(release: Release) -> dict[str, Any]:
    """Its publication, the steps of the operation while they matter, and the variables;
    `release` was read together with its publication."""
    publication: Publication | None = getattr(release, "publication", None)
    operation = publication.operation if publication else None
    manifest = publication.manifest if publication else {}
    return {
        "publication": publication,
        "operation": operation,
        "steps": _steps(release, operation),
        "manifest": manifest,
        "variables": _by_name((manifest.get("environment") or {}).get("variables") or {}),
    }


def _steps(release: Release, operation: Operation | None) -> list[Step]:
    if operation is None or release.state not in (Release.State.PUBLISHING, Release.State.CUT):
        return []
    return list(operation.steps.all())


def _by_name(variables: dict[str, list[str]]) -> list[tuple[str, list[str]]]:
    """Each variable with the targets that have it."""
    targets = [name for name in FIRST if name in variables]
    targets += [name for name in variables if name not in FIRST]
    names = sorted({name for target in targets for name in variables[target]})
    return [(name, [each for each in targets if name in variables[each]]) for name in names]
