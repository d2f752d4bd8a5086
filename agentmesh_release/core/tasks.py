"""Celery's side of the queue: each task wakes one row up. The rows are the truth."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore

from . import events, heartbeats, idempotency, incoming, known_answers, operations, polls


@shared_task(name="core.run_operation")
def run_operation(operation_id: int) -> None:
    operations.run(operation_id)


@shared_task(name="core.run_poll")
def run_poll(poll_id: int) -> None:
    polls.run(poll_id)


@shared_task(name="core.react")
def react(reaction_id: int) -> None:
    events.react(reaction_id)


@shared_task(name="core.beat")
def beat() -> None:
    heartbeats.beat("beat")


@shared_task(name="core.forget")
def forget() -> None:
    """Let go of what has had its day: ended sessions, gone workers, old webhooks and answers."""
    SessionStore.clear_expired()
    heartbeats.forget()
    incoming.forget()
    idempotency.forget()
    known_answers.forget()
