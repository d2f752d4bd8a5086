"""The living draft: what the next release of a project would be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypedDict

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from semver import Version

from agentmesh_release.core import live

from .changelogs import changes_of, tell
from .conventional.bump import Proposal, propose
from .conventional.changelog import as_json
from .conventional.changes import Change
from .conventional.policy import Bump
from .models.commit import Commit
from .models.draft import Draft
from .models.project import Project
from .models.release import Release, ReleaseQuerySet

_TOO_LONG = "The version that a commit asks for by “Release-As” is too long to be kept."


@dataclass(frozen=True)
class Proposed:
    """The next release as the unreleased commits make it: `changes` newest first, `base` the
    release that it follows, `tag` empty while there is nothing to release."""

    proposal: Proposal
    base: Release | None
    changes: Sequence[Change]
    tag: str


def trunk_line(project: Project) -> ReleaseQuerySet:
    """The releases that the next version of the default branch builds on: those cut at a commit of
    it, and those that were the first to release one; highest precedence first."""
    on_head = Commit.objects.filter(project=project, is_on_head=True)
    return Release.objects.filter(
        Q(Exists(on_head.filter(sha=OuterRef("commit_sha"))))
        | Q(Exists(on_head.filter(release=OuterRef("pk"))))
        | Q(Exists(on_head.filter(stable_release=OuterRef("pk")))),
        project=project,
    ).order_by("-precedence")


def proposed(project: Project, forced: Bump | None = None) -> Proposed:
    """Work the next release out; `forced` is the bump that a person chose."""
    line = _line(project)
    changes = tuple(changes_of(Commit.objects.filter(project=project).unreleased()))
    proposal = propose(changes, forced=forced, **line.versions)
    tag = tag_of(project, proposal.version, line.base) if proposal.version else ""
    if proposal.version and not Release.fits(tag, proposal.version):
        proposal, tag = replace(proposal, version=None, notes=(_TOO_LONG,)), ""
    return Proposed(proposal, line.base, changes, tag)


def forced_versions(project: Project) -> dict[str, str]:
    """The version that each bump would give, whatever the commits ask for."""
    versions = _line(project).versions
    return {
        bump.name.lower(): str(propose((), forced=bump, **versions).version or "") for bump in Bump
    }


@dataclass(frozen=True)
class _Line:
    base: Release | None
    versions: "_Versions"


class _Versions(TypedDict):
    """What `propose` needs to know of the releases that are there."""

    base: Version | None
    taken: frozenset[Version]
    begun: list[Version]


def _line(project: Project) -> _Line:
    line = trunk_line(project).defer("changelog")
    stable = Release.objects.filter(project=project).stable().order_by("-precedence")
    # After a rewrite of the whole branch nothing is on its line; versions go on all the same.
    base = line.stable().first() or stable.defer("changelog").first()
    begun = line.filter(is_prerelease=True)
    if base:
        begun = begun.filter(precedence__gt=base.precedence)
    taken = Release.objects.filter(project=project).values_list("version", flat=True)
    return _Line(
        base,
        {
            "base": Version.parse(base.version) if base else None,
            "taken": frozenset(map(Version.parse, taken)),
            "begun": [Version.parse(each.version) for each in begun],
        },
    )


def tag_of(project: Project, version: Version, base: Release | None) -> str:
    """The tag that a version gets: `v1.2.3`, or written as that of the release it follows."""
    written = base.tag.removeprefix(project.tag_prefix) if base else "v"
    mark = written[:1] if written[:1] in ("v", "V") else ""
    return f"{project.tag_prefix}{mark}{version}"


def recompute(project: Project, now: datetime) -> Draft:
    """Bring the draft up to date with the unreleased commits; pages hear of it."""
    with transaction.atomic(), live.one_notice():
        locked = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        found = proposed(locked)
        proposal = found.proposal
        told = tell(found.changes, tag=found.tag, released_at=None, previous=found.base)
        draft, _ = Draft.objects.update_or_create(
            project=locked,
            defaults={
                "base": found.base,
                "head_sha": locked.trunk_sha,
                "version": str(proposal.version or ""),
                "bump": proposal.bump.name.lower() if proposal.bump else "",
                "notes": list(proposal.notes),
                "changelog": as_json(told),
                "commit_count": len(found.changes),
                "computed_at": now,
            },
        )
        live.stale(f"project:{locked.slug}", "overview")
    return draft
