"""Plans: what exactly a promotion will do, and the hash that approvals bind to.

The hash covers commit, build, environment, ordered migrations (name, checksum, phase), flags to
set, executor and watch policy; not verdicts, not times (DESIGN, invariant 6).
"""

import hashlib
import json
from typing import Any

from ..models.deployment import Deployment
from ..models.environment import Environment
from ..models.migration_reading import MigrationReading
from ..models.release import Release

EXECUTOR = "vercel-promote"


def plan_of(release: Release, environment: Environment) -> dict[str, Any]:
    """The plan as things stand now; `build` is empty while no staged build is ready."""
    project = environment.project
    return {
        "commit": release.commit_sha,
        "build": staged_build(release, environment),
        "environment": environment.key,
        "migrations": _migrations(release),
        "flags": {},
        "executor": EXECUTOR,
        "watch_s": project.watch_s,
    }


def plan_hash(plan: dict[str, Any]) -> str:
    """SHA-256 over the plan's canonical JSON, in hex."""
    canonical = json.dumps(plan, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def staged_build(release: Release, environment: Environment) -> str:
    """Vercel's id of the first ready production build of the release's commit, or empty.

    The first, so that a later rebuild of the same commit does not change an approved plan.
    """
    build = (
        Deployment.objects.for_production()
        .ready()
        .filter(project=environment.project_id, sha=release.commit_sha)
        .order_by("created_at", "pk")
        .first()
    )
    return build.vercel_id if build else ""


def _migrations(release: Release) -> list[dict[str, str]]:
    reading = MigrationReading.objects.filter(
        project=release.project_id, sha=release.commit_sha
    ).first()
    if reading is None:
        return []
    return [
        {"name": each["name"], "checksum": each["checksum"], "phase": each["phase"]}
        for each in reading.migrations
    ]
