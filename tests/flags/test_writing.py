"""A flip on its way to its targets: targets that hang, lie, are away; processes that die."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.db import connection, connections

from agentmesh_release.core import sweep
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.leases import ClockTimestamp
from flags import writing
from flags.catalogue import API
from flags.models import Confirmation, Flip, Switch, Target
from flags.writing import tell, write

from .conftest import URL_NAME, App

CLEO = Actor("person", "Cleo", 3)
ADA = Actor("person", "Ada", 1)

pytestmark = pytest.mark.django_db(transaction=True)


def turn_off(switch: Switch) -> Flip:
    return switch.turn_off(by=CLEO, reason="Runs start twice.")


def turn_on(switch: Switch) -> Flip:
    return switch.turn_on(by=ADA, reason="Mended.", mended=True)


def of(switch: Switch) -> Confirmation:
    return Confirmation.objects.get(switch=switch)


def claim(switch: Switch) -> Confirmation:
    """What a writer does first, in a process that then freezes."""
    claimed = Confirmation.objects.owed().claim(of(switch).pk, writing.LEASE)
    assert isinstance(claimed, Confirmation)
    return claimed


def due_now(switch: Switch) -> None:
    Confirmation.objects.filter(switch=switch).update(due_at=ClockTimestamp())


def test_it_is_written_and_read_back_before_the_request_answers(
    app: App, target: Target, api: Switch
) -> None:
    flip = tell(turn_off(api))
    assert app.value(API) == {"enabled": True}
    assert flip.confirmed_at is not None
    assert (of(api).agrees, of(api).is_owed) == (True, False)


def test_a_target_that_says_so_already_is_not_written(
    app: App, target: Target, api: Switch
) -> None:
    app.set(API, {"enabled": True, "note": "by hand"})
    assert tell(turn_off(api)).confirmed_at is not None
    assert app.value(API) == {"enabled": True, "note": "by hand"}


def test_a_row_that_is_missing_is_made(app: App, target: Target, api: Switch) -> None:
    app.run("DELETE FROM app.config_flags")
    assert tell(turn_off(api)).confirmed_at is not None
    assert app.value(API) == {"enabled": True}


def test_a_target_that_hangs_does_not_hold_the_request(
    app: App, target: Target, api: Switch, silence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(URL_NAME, silence)
    began = time.monotonic()
    flip = tell(turn_off(api))
    assert time.monotonic() - began < 2
    assert flip.is_open
    assert of(api).is_owed


def test_a_target_that_is_away_is_tried_again_until_it_answers(
    app: App, target: Target, api: Switch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(URL_NAME, "postgresql://app@127.0.0.1:1/app")
    flip = turn_off(api)
    write(of(api).pk)
    assert "could not be reached" in of(api).error
    assert of(api).attempts == 1
    monkeypatch.setenv(URL_NAME, app.url)
    due_now(api)
    write(of(api).pk)
    flip.refresh_from_db()
    assert (of(api).error, of(api).agrees) == ("", True)
    assert flip.confirmed_at is not None


def test_a_target_that_is_not_configured_is_never_confirmed(
    app: App, target: Target, api: Switch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(URL_NAME)
    flip = tell(turn_off(api), within_s=0.3)
    assert flip.is_open
    assert "not configured" in of(api).error


def test_it_waits_no_longer_than_five_seconds_between_tries(
    app: App, target: Target, api: Switch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(URL_NAME, "postgresql://app@127.0.0.1:1/app")
    turn_off(api)
    Confirmation.objects.update(attempts=40)
    write(of(api).pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(due_at) - clock_timestamp() FROM flags_confirmation")
        assert cursor.fetchone()[0].total_seconds() <= 5


def test_what_reads_back_as_something_else_is_not_confirmed(
    app: App, target: Target, api: Switch
) -> None:
    app.keep_as_it_is()
    flip = tell(turn_off(api), within_s=0.5)
    assert flip.is_open
    assert of(api).value == {"enabled": False}
    assert of(api).error == "It was written, but still says “on” when read back."


def test_a_slow_target_is_confirmed_by_the_sweep(app: App, target: Target, api: Switch) -> None:
    with app.lock() as other:
        flip = tell(turn_off(api))
        assert flip.is_open
        other.rollback()
    wait_for_the_sweep(flip)
    assert app.value(API) == {"enabled": True}


def test_the_newest_flip_is_what_arrives(app: App, target: Target, api: Switch) -> None:
    """The first attempt hangs on a lock while the switch is turned on again."""
    with app.lock() as other:
        first = tell(turn_off(api), within_s=0.2)
        second = turn_on(api)
        other.rollback()
    wait_for_the_sweep(second)
    first.refresh_from_db()
    assert app.value(API) == {"enabled": False}
    assert first.overtaken_at is not None
    assert first.confirmed_at is None


def test_flips_in_a_rush_end_as_the_last_one_wants(app: App, target: Target, api: Switch) -> None:
    for _ in range(5):
        tell(turn_off(api), within_s=0)
        last = tell(turn_on(api), within_s=0)
    wait_for_the_sweep(last)
    assert app.value(API) == {"enabled": False}
    assert Flip.objects.filter(overtaken_at=None, confirmed_at=None).count() == 0


def test_only_one_attempt_at_a_time_is_at_a_target(
    app: App, target: Target, api: Switch, silence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(URL_NAME, silence)
    turn_off(api)
    threads = [threading.Thread(target=closing(write), args=[of(api).pk]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert of(api).attempts == 1


def test_a_writer_that_lost_its_lease_does_not_write(
    app: App, target: Target, api: Switch, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn_off(api)
    claimed = claim(api)
    Confirmation.objects.update(lease_until=ClockTimestamp())  # it was frozen for too long
    assert writing._ask(claimed) is None
    assert app.value(API) == {"enabled": False}


def test_a_late_writer_sees_to_it_that_the_newest_is_written_again(
    app: App, target: Target, api: Switch
) -> None:
    turn_off(api)
    frozen = claim(api)
    late = writing._ask(frozen)
    assert late is not None
    Confirmation.objects.update(lease_until=ClockTimestamp())
    tell(turn_on(api))
    app.set(API, {"enabled": True})  # its write arrives after all
    writing._settle(frozen, late)
    assert of(api).is_owed
    write(of(api).pk)
    assert app.value(API) == {"enabled": False}


def test_a_process_that_is_killed_between_intent_and_write_leaves_it_to_the_sweep(
    app: App, target: Target, api: Switch
) -> None:
    program = (
        "import django, os, signal; django.setup()\n"
        "from agentmesh_release.core.actors import Actor\n"
        "from flags.models import Switch\n"
        "Switch.objects.get(key='api_kill_switch').turn_off("
        "by=Actor('person', 'Cleo', 3), reason='5xx')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    died = subprocess.run([sys.executable, "-c", program], env=same_database(), check=False)
    assert died.returncode == -signal.SIGKILL
    assert app.value(API) == {"enabled": False}
    wait_for_the_sweep(Flip.objects.get())
    assert app.value(API) == {"enabled": True}


def test_a_process_that_is_killed_while_it_writes_is_followed_by_the_sweep(
    app: App, target: Target, api: Switch, silence: str
) -> None:
    program = (
        "import django; django.setup()\n"
        "from agentmesh_release.core.actors import Actor\n"
        "from flags.models import Switch\n"
        "from flags.writing import tell\n"
        "switch = Switch.objects.get(key='api_kill_switch')\n"
        "tell(switch.turn_off(by=Actor('person', 'Cleo', 3), reason='5xx'), within_s=60)\n"
    )
    environ = {**same_database(), URL_NAME: silence}
    with subprocess.Popen([sys.executable, "-c", program], env=environ) as writer:
        until(lambda: of(api).lease_until is not None)
        writer.kill()
    assert of(api).is_owed
    Confirmation.objects.update(lease_until=ClockTimestamp())  # the lease runs out
    wait_for_the_sweep(Flip.objects.get())
    assert app.value(API) == {"enabled": True}


def until(is_so: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def closing(act: Callable[..., object]) -> Callable[..., None]:
    """The same on a thread of its own, which keeps no connection."""

    def run(*values: object) -> None:
        try:
            act(*values)
        finally:
            connections.close_all()

    return run


def same_database() -> dict[str, str]:
    """The environment of a process that works on this test's database."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    return {**os.environ, "DATABASE_URL": url.geturl()}


def wait_for_the_sweep(flip: Flip, seconds: float = 15) -> None:
    """Do what the sweep of a worker does, until the flip is confirmed."""
    deadline = time.monotonic() + seconds
    while flip.is_open and time.monotonic() < deadline:
        for duty, pk in sweep._pick():
            sweep._run(duty, pk)
        time.sleep(0.05)
        flip.refresh_from_db()
    assert flip.confirmed_at is not None
