"""Operations that asked Vercel to move the domain and ended before anybody saw whether it did."""

from datetime import datetime

from agentmesh_release.core.models import Operation

from ..models.environment import Environment

_UNSEEN = (Operation.State.FAILED, Operation.State.CANCELLED)


def left_open(environment: Environment, since: datetime) -> Operation | None:
    """The newest such operation that ended after `since`; what it asked for may still happen.

    One that was taken over is not meant: nothing that it asked for may happen any more.
    """
    found: Operation | None = (
        Operation.objects.filter(
            environment=environment.key,
            state__in=_UNSEEN,
            ended_at__gt=since,
            steps__data__has_key="asked_since",
        )
        .order_by("-pk")
        .first()
    )
    return found
