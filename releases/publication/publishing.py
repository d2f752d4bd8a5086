"""Publishing a release at GitHub, and withdrawing one: asked for here, carried out by operations.

Publications of one project run one at a time, and never wait for what happens in production.
"""

from datetime import datetime

from agentmesh_release.core import operations
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import Operation
from agentmesh_release.core.refusals import Refused

from ..models.activation import Activation
from ..models.environment import Environment
from ..models.promotion import Promotion
from ..models.publication import Publication
from ..models.release import Release
from ..models.rollback import Rollback

PUBLICATION = "publication"
WITHDRAWAL = "release-withdrawal"
ENDS = {"done": "complete", "failed": "fail", "cancelled": "cancel"}


def publish(release: Release, *, by: Actor, reason: str = "") -> Operation:
    """Start the operation that tags it and publishes it with its files; also to try again.

    Raises Refused: `not_now` unless it is cut and nobody publishes it, `environment_busy`.
    """
    with operations.environment_lock(release.publishing_key), release.door() as locked:
        locked.move("publish", actor=by, reason=reason)
        return _start(locked, PUBLICATION, f"Publish {locked}", by, reason)


def follow(operation: Operation) -> None:
    """Let the release end as the operation that published it did; in its transaction."""
    with release_of(operation).door() as release:
        release.move(
            ENDS[operation.state], actor=Actor.system("operations"), reason=operation.outcome
        )


def stop(release: Release, *, by: Actor, reason: str) -> None:
    """Stop publishing it between two steps. Raises Refused (`not_now`)."""
    running = Publication.objects.filter(release=release).select_related("operation").first()
    if not release.is_publishing or running is None or running.operation is None:
        raise Refused("not_now", f"{release.tag} is not being published.")
    operations.cancel(running.operation, by=by, reason=reason)


def withdraw(release: Release, *, by: Actor, reason: str, now: datetime) -> None:
    """Take it back: nobody can promote it any more, its version stays used, GitHub shows it.

    Raises Refused: `is_live`, `on_its_way` while production moves to it, `being_published`,
    `not_now` when it is withdrawn already.
    """
    production = release.project.environments.get(kind=Environment.Kind.PRODUCTION)
    with (
        operations.environment_lock(production.key),
        operations.environment_lock(release.publishing_key),
        release.door() as locked,
    ):
        _guard_withdrawal(locked, production)
        for asked in Promotion.objects.requested().filter(release=locked):
            asked.withdraw(by=by, reason=reason, now=now)
        locked.move(
            "withdraw",
            actor=by,
            reason=reason,
            withdrawn_by=by.name,
            withdrawn_at=now,
            withdrawn_because=reason,
        )
        _start(locked, WITHDRAWAL, f"Withdraw {locked}", by, reason)


def mark_again(release: Release, *, by: Actor) -> None:
    """Ask GitHub once more to show that it is withdrawn. Raises Refused (`not_now`)."""
    with operations.environment_lock(release.publishing_key), release.door() as locked:
        last = Publication.objects.filter(release=locked).select_related("operation").first()
        if last and last.operation and last.operation.is_active:
            raise Refused("not_now", "That is under way already.")
        locked.move("mark", actor=by)
        _start(locked, WITHDRAWAL, f"Withdraw {locked}", by, locked.withdrawn_because)


def release_of(operation: Operation) -> Release:
    """The release that the operation acts for, with its project."""
    return Release.objects.select_related("project").get(pk=operation.acts_for.partition(":")[2])


def _start(release: Release, kind: str, label: str, by: Actor, reason: str) -> Operation:
    operation = operations.start(
        operations.Request(
            kind=kind,
            label=label,
            acts_for=release.subject,
            environment=release.publishing_key,
            requested_by=by,
            scope=release.project.slug,
            reason=reason,
            plan={"version": release.version, "tag": release.tag, "sha": release.commit_sha},
        )
    )
    Publication.objects.update_or_create(release=release, defaults={"operation": operation})
    return operation


def _guard_withdrawal(release: Release, production: Environment) -> None:
    tag = release.tag
    if release.is_publishing:
        raise Refused("being_published", f"{tag} is being published. Wait, or stop that first.")
    live = Activation.objects.live().filter(environment=production).first()
    if live and (live.release_id or release.pk) == release.pk and live.sha == release.commit_sha:
        raise Refused(
            "is_live", f"{tag} is live. Roll back, or promote another release, then withdraw it."
        )
    promoting = Promotion.objects.filter(release=release, state=Promotion.State.RUNNING)
    going_back = Rollback.objects.filter(release=release, state=Rollback.State.RUNNING)
    if promoting.exists() or going_back.exists():
        raise Refused("on_its_way", f"Production is moving to {tag} at this moment.")
