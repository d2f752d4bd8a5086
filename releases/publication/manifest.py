"""`release.json`: what exactly a release is made of, for programs (seed: Metadata).

It holds names and digests, never a value of a variable. What could not be known is null, with the
reason beside it. Its fields are described in ARCHITECTURE.
"""

import hashlib
import json
from collections.abc import Callable
from itertools import groupby
from typing import Any, TypeVar

from agentmesh_release.core.text import storable
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.vercel import Variable

from ..evidence.migrations import in_repository
from ..models.deployment import Deployment
from ..models.project import Project
from ..models.release import Release
from .attachments import Attachment

FORMAT = 1
# What builds and tests an app of this kind, as its package.json names it.
TOOLS = (
    "@playwright/test",
    "@prisma/client",
    "eslint",
    "jest",
    "next",
    "prisma",
    "react",
    "supabase",
    "turbo",
    "typescript",
    "vercel",
    "vite",
    "vitest",
)
Known = TypeVar("Known")


def gather(release: Release, attachments: list[Attachment]) -> dict[str, Any]:
    """Read all of it from the providers. Raises ProviderError where asking again may help."""
    project, sha = release.project, release.commit_sha
    return storable(
        {
            "format": FORMAT,
            "project": project.slug,
            "version": release.version,
            "tag": release.tag,
            "prerelease": release.is_prerelease,
            "cut_at": release.released_at.isoformat(),
            "commit": sha,
            "build": {"sha": sha, "deployments": _deployments(project, sha)},
            "schema": _schema(project, sha),
            "environment": _environment(project),
            "tools": _tools(project, sha),
            "artifacts": [each.as_json() for each in attachments],
        }
    )


def canonical(manifest: dict[str, Any]) -> bytes:
    """The manifest as a file: the same facts are the same bytes."""
    text = json.dumps(manifest, sort_keys=True, indent=2, ensure_ascii=False)
    return f"{text}\n".encode()


def known(read: Callable[[], Known]) -> tuple[Known | None, str]:
    """What `read` answers, or None and why that cannot be known.

    Raises ProviderError where asking again may help.
    """
    try:
        return read(), ""
    except ProviderError as error:
        if not error.permanent:
            raise
        return None, str(error)


def _deployments(project: Project, sha: str) -> list[dict[str, str]]:
    """The production builds of the commit, the oldest first."""
    builds = Deployment.objects.for_production().filter(project=project, sha=sha)
    return [
        {"id": build.vercel_id, "target": build.target, "state": build.state}
        for build in builds.order_by("created_at", "pk")
    ]


def _schema(project: Project, sha: str) -> dict[str, Any]:
    """The migrations in their order with the schema file, and one hash over all of it."""
    found, reason = known(lambda: _schema_parts(project, sha))
    if found is None:
        return {"sha256": None, "reason": reason, "migrations": None, "file": None}
    if not found["migrations"] and not found["file"]:
        return {"sha256": None, "reason": "The commit has no migrations and no schema.", **found}
    text = json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return {"sha256": hashlib.sha256(text.encode()).hexdigest(), "reason": "", **found}


def _schema_parts(project: Project, sha: str) -> dict[str, Any]:
    migrations = [
        {"name": each.name, "sha256": hashlib.sha256(each.sql).hexdigest()}
        for each in in_repository(project, sha)
    ]
    path = f"{project.migrations_path.rpartition('/')[0]}/schema.prisma".removeprefix("/")
    content = _file(project, path, sha)
    digest = None if content is None else hashlib.sha256(content).hexdigest()
    return {
        "migrations": migrations,
        "file": {"path": path, "sha256": digest} if digest else None,
    }


def _environment(project: Project) -> dict[str, Any]:
    """Names of variables per target, framework and Node.js, as Vercel has them now."""

    def read() -> dict[str, Any]:
        client = project.vercel()
        seen = client.project(project.vercel_project_id)
        return {
            "variables": _by_target(client.variables(project.vercel_project_id)),
            "framework": seen.framework,
            "node": seen.node_version,
        }

    found, reason = known(read)
    unknown = {"variables": None, "framework": None, "node": None}
    return {**(found or unknown), "reason": reason}


def _by_target(variables: tuple[Variable, ...]) -> dict[str, list[str]]:
    pairs = sorted({(target, each.name) for each in variables for target in each.targets})
    return {
        target: [name for _, name in named]
        for target, named in groupby(pairs, lambda pair: pair[0])
    }


def _tools(project: Project, sha: str) -> dict[str, Any]:
    """The runtimes that the package asks for, and what it is built and tested with."""
    package, reason = known(lambda: _package(project, sha))
    if package is None:
        return {"engines": None, "package_manager": None, "versions": None, "reason": reason}
    declared = {**_texts(package.get("dependencies")), **_texts(package.get("devDependencies"))}
    return {
        "engines": _texts(package.get("engines")),
        "package_manager": _text(package.get("packageManager")),
        "versions": {name: declared[name] for name in TOOLS if name in declared},
        "reason": "",
    }


def _package(project: Project, sha: str) -> dict[str, Any]:
    """The package.json of the project's folder, else of the repository."""
    for folder in dict.fromkeys((project.folder, "")):
        content = _file(project, f"{folder}/package.json".removeprefix("/"), sha)
        if content is not None:
            return _parsed(content)
    raise ProviderError("The commit has no package.json.", permanent=True)


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        package = json.loads(content)
    except (ValueError, RecursionError):
        package = None
    if not isinstance(package, dict):
        raise ProviderError("The commit's package.json cannot be read.", permanent=True)
    return package


def _file(project: Project, path: str, sha: str) -> bytes | None:
    """A file of the commit, or None when it is not there."""
    try:
        return project.github().contents.file(project.repository, path, sha).content
    except ProviderError as error:
        if error.status == 404:
            return None
        raise


def _texts(found: object) -> dict[str, str]:
    if not isinstance(found, dict):
        return {}
    return {name: value for name, value in found.items() if isinstance(value, str)}


def _text(found: object) -> str | None:
    return found if isinstance(found, str) else None
