"""The health of every part of the house: what `doctor`, `/readyz` and the settings page say."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import psycopg
from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from .models.audit_event import AuditEvent
from .models.heartbeat import Heartbeat
from .models.poll import Poll
from .polls import label
from .registries import Registry

State = Literal["passed", "failed", "inconclusive"]

_BEAT_WITHIN = timedelta(minutes=1)
_WORKER_WITHIN = timedelta(seconds=20)
_SEALED_WITHIN = timedelta(seconds=30)
_CLOCK_WITHIN = timedelta(seconds=2)


@dataclass(frozen=True)
class Part:
    """One part, how it is, and what mends it when it is not well."""

    name: str
    state: State
    sentence: str
    mend: str = ""


PartSource = Callable[[], list[Part]]
part_sources: Registry[PartSource] = Registry("source of health parts")


def all_parts() -> list[Part]:
    """Ask every part, providers too; takes as long as their timeouts at worst."""
    database = database_part()
    if database.state != "passed":
        return [database]
    asked = [part for source in part_sources for part in source()]
    return [database, listener_part(), broker_part(), *stored_parts(), clock_part(), *asked]


def stored_parts() -> list[Part]:
    """What the database knows of the workers: quick, no outside call."""
    beats = dict(Heartbeat.objects.values_list("part", "at"))
    workers = [at for part, at in beats.items() if part.startswith("worker:")]
    return [
        _alive("worker", max(workers, default=None), _WORKER_WITHIN, "Start a worker."),
        _alive("sweep", beats.get("sweep"), _WORKER_WITHIN, "It runs in each worker: start one."),
        _alive("beat", beats.get("beat"), _BEAT_WITHIN, "Start Celery beat."),
        _sealer(),
        *[_poll(each) for each in Poll.objects.exclude(last_error="")[:50]],
    ]


def database_part() -> Part:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version')")
            version = cursor.fetchone()[0]
    except DatabaseError as error:
        return Part(
            "database",
            "failed",
            f"PostgreSQL does not answer ({type(error).__name__}).",
            "Start it, or mend DATABASE_URL.",
        )
    return Part("database", "passed", f"PostgreSQL {version} answers.")


def listener_part() -> Part:
    """Whether a notice comes back to a listener of our own within a second."""
    token = f"doctor-{time.monotonic_ns()}"
    try:
        with psycopg.connect(
            settings.DATABASE_DIRECT_URL, autocommit=True, connect_timeout=3
        ) as own:
            own.execute("LISTEN doctor")
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_notify('doctor', %s)", [token])
            heard = any(notice.payload == token for notice in own.notifies(timeout=1, stop_after=1))
    except psycopg.Error as error:
        return Part(
            "listener",
            "failed",
            f"No direct connection for LISTEN ({type(error).__name__}).",
            "Set DATABASE_DIRECT_URL to an address that does not go through a pooler.",
        )
    if heard:
        return Part("listener", "passed", "It heard its own notice.")
    return Part(
        "listener",
        "failed",
        "It did not hear its own notice within 1 s.",
        "Set DATABASE_DIRECT_URL to an address that does not go through a pooler.",
    )


def broker_part() -> Part:
    try:
        with current_app.connection_for_write(connect_timeout=2) as own:
            own.ensure_connection(max_retries=1, timeout=2)
    except Exception as error:  # noqa: BLE001  each transport has its own kind of error
        return Part(
            "broker",
            "failed",
            f"It does not answer ({type(error).__name__}); the sweep does its work, a bit later.",
            "Start Redis, or mend REDIS_URL.",
        )
    return Part("broker", "passed", "It answers.")


def clock_part() -> Part:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        apart = abs(cursor.fetchone()[0] - timezone.now())
    text = f"{apart.total_seconds():.2f}\N{NO-BREAK SPACE}s apart from the database's clock."
    if apart <= _CLOCK_WITHIN:
        return Part("clock", "passed", text)
    return Part("clock", "failed", text, "Run a time service (NTP) on both machines.")


def _alive(name: str, at: datetime | None, within: timedelta, mend: str) -> Part:
    if at is None:
        return Part(name, "failed", "Never seen.", mend)
    age = timezone.now() - at
    sentence = f"Last seen {age.total_seconds():.0f}\N{NO-BREAK SPACE}s ago."
    return Part(name, "passed", sentence) if age <= within else Part(name, "failed", sentence, mend)


def _sealer() -> Part:
    oldest = AuditEvent.objects.filter(position=None).order_by("id").first()
    if oldest is None:
        return Part("audit seals", "passed", "Everything is sealed.")
    age = timezone.now() - oldest.at
    if age <= _SEALED_WITHIN:
        return Part("audit seals", "passed", "The newest events are being sealed.")
    return Part(
        "audit seals",
        "failed",
        f"An event has waited {age.total_seconds():.0f}\N{NO-BREAK SPACE}s for its seal.",
        "Start a worker; if one runs, look for a transaction that stays open.",
    )


def _poll(each: Poll) -> Part:
    name = f"last reading of {label(each.kind)}" + (f", {each.scope}" if each.scope else "")
    return Part(name, "inconclusive", each.last_error, "It is read again by itself.")
