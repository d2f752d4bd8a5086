"""Webhooks that GitHub sent and that never arrived: found in its log, and asked for again.

Each delivery is asked for again once; what does not come then either, polling finds.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.conf import settings
from django.urls import reverse

from agentmesh_release.core import incoming
from agentmesh_release.core.models import IncomingWebhook
from agentmesh_release.core.world import is_demo
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.github import Attempt, GitHub, Webhook

from ..models.project import Project
from ..models.repository_hook import RepositoryHook

State = RepositoryHook.State
# GitHub keeps its log for three days, and gives a hundred attempts for each call.
LOG_KEPT = timedelta(days=3)
MOST_LOOKED_AT = 300
MOST_ASKED_FOR = 20
# A delivery may be on its way, and GitHub's clock another than ours.
ON_ITS_WAY = timedelta(minutes=1)
OVERLAP = timedelta(minutes=15)
FRESH = timedelta(minutes=30)


def read(repository: str, now: datetime) -> RepositoryHook | None:
    """Look through GitHub's log of that repository's webhook; None where no project has it any
    more. Raises ProviderError where GitHub does not answer; that the token may not look is an
    answer, and unknown."""
    projects = Project.objects.active().filter(repository=repository)
    project = projects.order_by("slug").first()
    if project is None:
        RepositoryHook.objects.filter(repository=repository).delete()
        return None
    client = project.github()
    try:
        hook = _ours(client, repository)
        if hook is None:
            return _keep(repository, State.MISSING, f"No webhook leads to {address()}.", now)
        if not hook.active:
            return _keep(repository, State.FAILING, "It is switched off at GitHub.", now)
        return _looked_through(client, repository, hook, now)
    except ProviderError as error:
        if not error.permanent:
            raise
        return _keep(repository, State.UNKNOWN, str(error), now)


def reach_us(repository: str, now: datetime) -> bool:
    """Whether we know that GitHub tells us of what happens there."""
    return RepositoryHook.objects.filter(
        repository=repository, state=State.REACHING, checked_at__gt=now - FRESH
    ).exists()


def address() -> str:
    """Where GitHub has to send them."""
    return f"{settings.BASE_URL.rstrip('/')}{reverse('webhook-door', args=['github'])}"


def _ours(client: GitHub, repository: str) -> Webhook | None:
    """The webhook that leads here; a demo world sets it up by itself."""
    secrets = incoming.sources.get("github").secrets()
    if is_demo() and secrets:
        return client.hooks.ensure(repository, address(), secrets[0])
    return next((each for each in client.hooks.all(repository) if each.url == address()), None)


def _looked_through(
    client: GitHub, repository: str, hook: Webhook, now: datetime
) -> RepositoryHook:
    known = RepositoryHook.objects.filter(repository=repository).first()
    until = known.seen_until if known else None
    since = until - OVERLAP if until else now - LOG_KEPT
    attempts = list(_since(client.hooks.attempts(repository, hook.id), since))
    missed = list(_missed(attempts, now))
    for attempt in missed[:MOST_ASKED_FOR]:
        client.hooks.repeat(repository, hook.id, attempt.id)
        _note_asked_for(attempt, repository, now)
    newest = max(attempts, key=lambda each: each.delivered_at, default=None)
    if newest is None:
        return _keep(repository, State.REACHING, "", now)
    left = missed[MOST_ASKED_FOR:]  # looked through again, and asked for, by the next reading
    seen_until = min(each.delivered_at for each in (newest, *left))
    if newest.arrived:
        return _keep(repository, State.REACHING, "", now, seen_until=seen_until)
    said = f"GitHub's last attempt to deliver ended with “{newest.status}”."
    return _keep(repository, State.FAILING, said, now, seen_until=seen_until)


def _since(attempts: Iterable[Attempt], since: datetime) -> Iterator[Attempt]:
    for attempt in islice(attempts, MOST_LOOKED_AT):
        if attempt.delivered_at < since:
            return
        yield attempt


def _missed(attempts: Iterable[Attempt], now: datetime) -> Iterator[Attempt]:
    """The newest attempt of each delivery that we do not have and have not asked for, oldest
    first: what GitHub says arrived and we do not have was lost with a database."""
    newest = {each.guid: each for each in sorted(attempts, key=lambda each: each.delivered_at)}
    have = set(
        IncomingWebhook.objects.filter(source="github", delivery__in=newest).values_list(
            "delivery", flat=True
        )
    )
    for guid, attempt in newest.items():
        if guid not in have and attempt.delivered_at < now - ON_ITS_WAY:
            yield attempt


def _note_asked_for(attempt: Attempt, repository: str, now: datetime) -> None:
    row = IncomingWebhook(
        source="github",
        delivery=attempt.guid[:100],
        event=attempt.event[:100],
        about=repository,
        state=IncomingWebhook.State.MISSED,
        note=f"GitHub was asked to send it again; its attempt had ended with “{attempt.status}”.",
        due_at=now,
    )
    IncomingWebhook.objects.bulk_create([row], ignore_conflicts=True)


def _keep(
    repository: str,
    state: str,
    sentence: str,
    now: datetime,
    *,
    seen_until: datetime | None = None,
) -> RepositoryHook:
    values: dict[str, object] = {"state": state, "sentence": sentence, "checked_at": now}
    if seen_until is not None:
        values["seen_until"] = seen_until
    hook, _ = RepositoryHook.objects.update_or_create(repository=repository, defaults=values)
    return hook
