"""Celery's side of the queue: each task wakes one row up. The rows are the truth."""

from celery import shared_task

from . import events, heartbeats, operations, polls


@shared_task(name="core.run_operation", queue="operations")
def run_operation(operation_id: int) -> None:
    operations.run(operation_id)


@shared_task(name="core.run_poll", queue="polling")
def run_poll(poll_id: int) -> None:
    polls.run(poll_id)


@shared_task(name="core.react", queue="deliveries")
def react(reaction_id: int) -> None:
    events.react(reaction_id)


@shared_task(name="core.beat", queue="deliveries")
def beat() -> None:
    heartbeats.beat("beat")
