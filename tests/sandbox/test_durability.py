"""State and journal survive kill -9; work under way goes on after a restart."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from .conftest import Registered, register
from .running import Running, eventually


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path / "state").start()
    yield running
    running.end()


def restarted(running: Running) -> None:
    running.end(signal.SIGKILL)
    running.start()


@pytest.fixture
def kept(own: Running, history: Path) -> Registered:
    return register(own, history, "kept")


def test_a_promotion_survives_a_kill_and_happens_once(kept: Registered) -> None:
    staged = kept.staged()
    kept.promote(staged)
    restarted(kept.sandbox)
    assert kept.job_ends() == "succeeded"
    assert kept.live() == staged
    restarted(kept.sandbox)
    time.sleep(0.5)
    events = kept.journal(vendor="vercel")
    assert [one["kind"] for one in events] == ["promoted"]
    assert events[0]["by"].startswith("token:")


def test_a_build_survives_a_kill(kept: Registered) -> None:
    built = kept.act("commits", subject="before the kill")["deployment"]
    restarted(kept.sandbox)
    assert kept.ready(built)["readyState"] == "READY"


def test_faults_and_conditions_survive_a_kill(kept: Registered) -> None:
    kept.act("conditions", kind="down", on=True)
    kept.sandbox.act("faults", provider="vercel", kind="500")
    restarted(kept.sandbox)
    assert kept.sandbox.ask("GET", kept.vercel).status == 500
    eventually(lambda: kept.value('up{job="kept"}') == 0)


def test_a_landing_cut_in_two_is_built_after_the_restart(kept: Registered) -> None:
    clone = kept.sandbox.state / "repositories" / "kept.git"
    kept.sandbox.end(signal.SIGKILL)
    tree = subprocess.check_output(
        ["git", "rev-parse", "main^{tree}"], cwd=clone, text=True
    ).strip()
    identity = {
        f"GIT_{role}_{part}": "ada"
        for role in ("AUTHOR", "COMMITTER")
        for part in ("NAME", "EMAIL")
    }
    sha = subprocess.check_output(
        ["git", "commit-tree", tree, "-p", "main", "-m", "fix: alone"],
        cwd=clone,
        text=True,
        env=os.environ | identity,
    ).strip()
    subprocess.check_call(["git", "update-ref", "refs/heads/main", sha], cwd=clone)
    kept.sandbox.start()
    newest = kept.deployments()[0]
    assert newest["meta"]["githubCommitSha"] == sha


def test_a_registration_cut_in_two_is_made_again(own: Running, history: Path) -> None:
    half = own.state / "repositories" / "kept.git"
    half.mkdir(parents=True)
    (half / "HEAD").write_text("rubbish")
    assert register(own, history, "kept").facts["live"]["tag"] == "v1.2.0"


def test_the_journal_cannot_be_changed(kept: Registered) -> None:
    database = sqlite3.connect(kept.sandbox.state / "state.sqlite3")
    for sql in ("update journal set kind = 'nothing'", "delete from journal"):
        with pytest.raises(sqlite3.IntegrityError):
            database.execute(sql)
    database.close()


def test_a_stop_leaves_no_process_behind(kept: Registered) -> None:
    kept.sandbox.get(f"{kept.github}/commits")
    assert kept.sandbox.process is not None
    parent = kept.sandbox.process.pid
    children = Path(f"/proc/{parent}/task/{parent}/children")
    pids = (
        [
            int(pid)
            for task in Path(f"/proc/{parent}/task").iterdir()
            for pid in (task / "children").read_text().split()
        ]
        if children.exists()
        else []
    )
    kept.sandbox.end(signal.SIGKILL)
    eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))
    kept.sandbox.start()


def test_a_busy_port_is_said(own: Running) -> None:
    port = own.url.rpartition(":")[2]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "agentmesh_release.sandbox",
            "--port",
            port,
            "--state",
            str(own.state.parent / "other"),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert done.returncode == 1
    assert f"Port {port} is not free" in done.stderr


def test_it_stops_at_once_while_a_call_hangs(own: Running) -> None:
    own.act("faults", provider="vercel", kind="hang")

    def wait() -> None:
        with pytest.raises(requests.ConnectionError):
            requests.get(own.url + "/vercel/x", timeout=30)

    waiting = threading.Thread(target=wait)
    waiting.start()
    eventually(lambda: own.get("/_control/faults")["faults"])
    time.sleep(0.2)
    assert own.end() == 0
    waiting.join(5)
    assert not waiting.is_alive()
    own.start()
