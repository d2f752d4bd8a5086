"""Cutting a release: the draft, frozen at one commit, and asked for in production."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction

from agentmesh_release.core import audit, live, polls
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.refusals import Refused

from . import drafts
from .changelogs import tell
from .conventional.changelog import as_json
from .conventional.policy import Bump
from .conventional.versions import is_stable, precedence_key
from .models.commit import Commit
from .models.draft import Draft
from .models.environment import Environment
from .models.project import Project
from .models.promotion import Promotion
from .models.release import Release

AUTO = "auto"
READ_AGAIN = ("github", "vercel", "app-database")


@dataclass(frozen=True)
class Choice:
    """One answer to "which version?": its `bump` for `cut`, a `label`, and the version it gives
    (empty when there is none by itself)."""

    bump: str
    label: str
    version: str


def choices(project: Project) -> list[Choice]:
    """What the commits ask for, then each bump that leads to another version."""
    draft = Draft.objects.filter(project=project).first()
    offered: dict[str, Choice] = {}
    if draft and draft.version:
        kind = f"A {draft.bump} release" if draft.bump else "The first release"
        offered[draft.version] = Choice(AUTO, f"{kind}, as the commits ask for.", draft.version)
    for bump, version in drafts.forced_versions(project).items():
        offered.setdefault(version, Choice(bump, f"A {bump} release, chosen by you.", version))
    return list(offered.values())


def cut(
    project: Project,
    *,
    by: Actor,
    head_sha: str,
    reason: str,
    now: datetime,
    bump: str = AUTO,
) -> Release:
    """Freeze version, commit, changelog and commits of the draft, and ask for its promotion.

    `head_sha` is the commit that the page showed as the newest; `bump` other than `auto` overrules
    what the commits ask for. Raises Refused: `unknown_bump`, `trunk_moved`, `cut_already` when
    somebody was quicker, `nothing_to_release`, `version_exists`.
    """
    forced = _forced(bump)
    with transaction.atomic(), live.one_notice():
        locked = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        _guard_trunk(locked, head_sha)
        found = drafts.proposed(locked, forced)
        _guard_release(locked, found, forced)
        release = _freeze(locked, found, by, forced, now)
        audit.record(
            "release.cut",
            actor=by,
            subject=release.subject,
            reason=reason,
            data={
                "version": release.version,
                "commit": release.commit_sha,
                "bump": release.bump,
                "forced": bool(forced),
                "commit_count": release.commit_count,
            },
            **release.audit_place,
        )
        live.stale(*release.topics())
        drafts.recompute(locked, now)
        production = locked.environments.get(kind=Environment.Kind.PRODUCTION)
        Promotion.ask(release, production, by=by, reason=reason)
        for kind in READ_AGAIN:
            transaction.on_commit(partial(polls.hurry, kind, locked.slug))
    return release


def _forced(bump: str) -> Bump | None:
    if bump == AUTO:
        return None
    if bump.upper() not in Bump.__members__:
        raise Refused(
            "unknown_bump", "A version goes up by patch, minor or major; or leave it to auto."
        )
    return Bump[bump.upper()]


def _guard_trunk(project: Project, head_sha: str) -> None:
    if not project.trunk_sha:
        raise Refused("nothing_to_release", f"{project} has no commits yet.")
    if head_sha != project.trunk_sha:
        raise Refused(
            "trunk_moved",
            f"{project.default_branch} has moved on to {project.trunk_sha[:7]} since this page was "
            "shown. Look at what came in, then cut.",
        )


def _guard_release(project: Project, found: drafts.Proposed, forced: Bump | None) -> None:
    base = found.base
    if not found.changes and base and base.cut_by and base.commit_sha == project.trunk_sha:
        raise Refused(
            "cut_already",
            f"{base.cut_by} has cut {base.tag} at this commit already; nothing has come in since.",
        )
    version = found.proposal.version
    if version is None:
        notes = " ".join(found.proposal.notes)
        raise Refused("nothing_to_release", notes or "There is nothing to release yet.")
    if Release.objects.filter(project=project, version=str(version)).exists():
        raise Refused("version_exists", f"{project} {version} exists already.")


def _freeze(
    project: Project, found: drafts.Proposed, by: Actor, forced: Bump | None, now: datetime
) -> Release:
    proposal = found.proposal
    assert proposal.version is not None  # noqa: S101 (guarded)
    told = tell(found.changes, tag=found.tag, released_at=now, previous=found.base)
    bump = forced or proposal.bump
    release = Release.objects.create(
        project=project,
        version=str(proposal.version),
        precedence=precedence_key(proposal.version),
        is_prerelease=not is_stable(proposal.version),
        tag=found.tag,
        commit_sha=project.trunk_sha,
        state=Release.State.CUT,
        previous=found.base,
        bump=bump.name.lower() if bump else "",
        changelog=as_json(told),
        commit_count=told.commit_count,
        released_at=now,
        cut_by=by.name,
    )
    Commit.objects.filter(project=project).unreleased().enter(release)
    return release
