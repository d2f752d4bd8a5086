"""Cutting a release: the draft, frozen at one commit, published, and asked for in production."""

from datetime import datetime
from functools import partial

from django.db import transaction

from agentmesh_release.core import audit, live, polls
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.refusals import Refused

from ..changelogs import tell
from ..conventional.changelog import as_json
from ..conventional.policy import Bump
from ..conventional.versions import precedence_key
from ..models.commit import Commit
from ..models.environment import Environment
from ..models.project import Project
from ..models.promotion import Promotion
from ..models.release import Release
from ..publication import publishing
from . import drafts, notes
from .choices import AUTO
from .proposing import Proposed, unreleased
from .validation import Candidate, validate

READ_AGAIN = ("github", "vercel", "app-database", "evidence")


def cut(
    project: Project,
    *,
    by: Actor,
    head_sha: str,
    reason: str,
    now: datetime,
    bump: str = AUTO,
    channel: str = "",
) -> Release:
    """Freeze version, commit, changelog and commits of the draft, publish it, and ask for its
    promotion.

    `head_sha` is the commit that the page showed as the newest; `bump` other than `auto` overrules
    what the commits ask for; a `channel` of the policy, such as `rc`, makes it a pre-release.
    Raises Refused: `unknown_bump`, `unknown_channel`, `no_reason` for a bump below what the commits
    ask for, `notes_outdated`, `trunk_moved`, `cut_already` when somebody was quicker,
    `nothing_to_release`, `version_exists`, `gates_block` with what validation says,
    `environment_busy` while two others are being published.
    """
    forced = _forced(bump)
    with transaction.atomic(), live.one_notice():
        locked = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        locked.refuse_archived()
        _guard_trunk(locked, head_sha)
        _guard_channel(locked, channel)
        found = unreleased(locked).proposed(forced, channel)
        _guard_release(locked, found)
        _guard_bump(found, forced, reason)
        if not found.is_prerelease:
            notes.guard_cut(locked)
        _guard_validation(locked, found, now)
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
                "asked": found.proposal.bump.name.lower() if found.proposal.bump else "",
                "channel": channel,
                "commit_count": release.commit_count,
            },
            **release.audit_place,
        )
        live.stale(*release.topics())
        drafts.recompute(locked, now)
        production = locked.environments.get(kind=Environment.Kind.PRODUCTION)
        Promotion.ask(release, production, by=by, reason=reason)
        publishing.publish(release, by=by, reason=reason)
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
            f"{project.default_branch} has moved on to {project.trunk_sha[:7]} meanwhile. Look at "
            "what came in, then cut.",
        )


def _guard_channel(project: Project, channel: str) -> None:
    known = project.policy.channels
    if channel and channel not in known:
        names = " and ".join(known) or "no channel"
        raise Refused("unknown_channel", f"{project} has pre-releases on {names} alone.")


def _guard_bump(found: Proposed, forced: Bump | None, reason: str) -> None:
    """To promise less than the commits say is a decision, and has to be explained."""
    asked = found.proposal.bump
    if forced and asked and found.base and forced < asked and not reason.strip():
        raise Refused(
            "no_reason",
            f"The commits ask for a {asked.name.lower()} release; say why it is only a "
            f"{forced.name.lower()} one.",
            status=422,
        )


def _guard_release(project: Project, found: Proposed) -> None:
    base = found.base
    is_here = base and base.cut_by and base.commit_sha == project.trunk_sha
    if base and is_here and not base.is_withdrawn and not found.changes:
        raise Refused(
            "cut_already",
            f"{base.cut_by} has cut {base.tag} at this commit already; nothing has come in since.",
        )
    version = found.proposal.version
    if version is None:
        why = " ".join(found.proposal.notes)
        raise Refused("nothing_to_release", why or "There is nothing to release yet.")
    if Release.objects.filter(project=project, version=str(version)).exists():
        raise Refused("version_exists", f"{project} {version} exists already.")


def _guard_validation(project: Project, found: Proposed, now: datetime) -> None:
    candidate = Candidate(project, project.trunk_sha, found.tag, len(found.changes))
    checklist = validate(candidate, now)
    if not checklist.is_clear:
        raise Refused("gates_block", checklist.refusal)


def _freeze(
    project: Project, found: Proposed, by: Actor, forced: Bump | None, now: datetime
) -> Release:
    proposal = found.proposal
    assert proposal.version is not None  # noqa: S101 (guarded)
    told = tell(
        found.changes, project.policy, tag=found.tag, released_at=now, previous=found.previous
    )
    bump = forced or proposal.bump
    release = Release.objects.create(
        project=project,
        version=str(proposal.version),
        precedence=precedence_key(proposal.version),
        is_prerelease=found.is_prerelease,
        tag=found.tag,
        commit_sha=project.trunk_sha,
        is_on_trunk=True,
        state=Release.State.CUT,
        previous=found.previous,
        bump=bump.name.lower() if bump else "",
        changelog=as_json(told),
        commit_count=told.commit_count,
        released_at=now,
        cut_by=by.name,
    )
    Commit.objects.filter(project=project).unreleased().enter(release)
    if not release.is_prerelease:
        notes.hand_over(release)
    return release
