"""What is live: recording that it changed, by us or by somebody else.

Callers hold the environment's lock (`operations.environment_lock`).
"""

from datetime import datetime

from agentmesh_release.core import audit, events, live
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import Operation

from ..models.activation import Activation
from ..models.environment import Environment
from ..models.hold import Hold
from ..models.release import Release


def record(
    environment: Environment, *, vercel_id: str, sha: str, origin: str, by: str, now: datetime
) -> Activation:
    """Record that this build is live from now; what is live already is left as it is."""
    present = Activation.objects.live().filter(environment=environment).first()
    if present and present.vercel_id == vercel_id and present.origin == origin:
        return present
    Activation.objects.live().filter(environment=environment).update(until=now)
    activation = Activation.objects.create(
        environment=environment,
        release=release_at(environment, sha),
        vercel_id=vercel_id,
        sha=sha,
        origin=origin,
        by=by,
        since=now,
    )
    project = environment.project
    events.publish(
        "production.changed",
        {
            "scope": project.slug,
            "project": str(project),
            "name": activation.name,
            "origin": origin,
            "by": by,
            "at": now.isoformat(),
        },
    )
    live.stale(f"project:{project.slug}", "overview", *_releases(activation, present))
    return activation


def release_at(environment: Environment, sha: str) -> Release | None:
    """The newest release of the project that was cut at that commit."""
    return (
        Release.objects.filter(project=environment.project_id, commit_sha=sha)
        .order_by("-precedence")
        .first()
    )


def hold(
    environment: Environment,
    *,
    release: Release | None,
    bad_sha: str,
    reason: str,
    by: str,
    now: datetime,
) -> Hold:
    """Keep automation back; a hold that stands already is lifted in favour of the new one."""
    lift(environment, by=by, now=now)
    placed = Hold.objects.create(
        environment=environment, release=release, bad_sha=bad_sha, reason=reason, by=by, since=now
    )
    _audit("hold.place", environment, by, reason)
    return placed


def lift(environment: Environment, *, by: str, now: datetime) -> None:
    """Lift the hold, if one stands."""
    standing = Hold.objects.standing().filter(environment=environment)
    if standing.update(lifted_at=now, lifted_by=by):
        _audit("hold.lift", environment, by, "")


def record_outside(environment: Environment, *, vercel_id: str, sha: str, now: datetime) -> None:
    """Record a change that no operation of ours explains, and hold automation (invariant 7)."""
    activation = record(
        environment,
        vercel_id=vercel_id,
        sha=sha,
        origin=Activation.Origin.OUTSIDE,
        by="outside",
        now=now,
    )
    reason = f"{activation.name} went live outside AgentMesh Release."
    _audit("production.outside", environment, "system:watch", reason)
    hold(
        environment,
        release=activation.release,
        bad_sha=sha,
        reason=reason,
        by="system:watch",
        now=now,
    )


def record_late(environment: Environment, asked: Operation, *, now: datetime) -> None:
    """Record that what an operation asked for came true after it had ended, and hold automation:
    whoever cancelled it, or read that it failed, did not count on that."""
    activation = record(
        environment,
        vercel_id=asked.plan["build"],
        sha=asked.plan["commit"],
        origin=asked.kind,
        by=asked.requested_by,
        now=now,
    )
    state = asked.get_state_display().lower()
    hold(
        environment,
        release=activation.release,
        bad_sha=activation.sha,
        reason=f"{activation.name} went live although “{asked.label}” is {state}.",
        by="system:watch",
        now=now,
    )


def adopt(activation: Activation, *, by: Actor, reason: str, now: datetime) -> None:
    """A person answers for a change that was made outside; this lifts its hold."""
    Activation.objects.filter(pk=activation.pk, adopted_at=None).update(
        adopted_by=by.name, adopted_at=now
    )
    _audit("production.adopt", activation.environment, by.name, reason)
    lift(activation.environment, by=by.name, now=now)
    live.stale(f"project:{activation.environment.project.slug}", "overview")


def _releases(*activations: Activation | None) -> list[str]:
    return [each.release.subject for each in activations if each and each.release]


def _audit(verb: str, environment: Environment, by: str, reason: str) -> None:
    actor = Actor("system" if by.startswith("system:") else "person", by)
    audit.record(
        verb,
        actor=actor,
        label=str(environment),
        scope=environment.project.slug,
        environment=environment.key,
        reason=reason,
    )
