"""The PostgreSQL of a test run goes with the process that asked for it."""

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from agentmesh_release.runtime import processes, temporary
from agentmesh_release.runtime.postgres import short_directory
from tests.watching import CHECKOUT, soon

HOLD = """
import sys, time
from pathlib import Path
from agentmesh_release.runtime import temporary
holder = temporary.start(Path(sys.argv[1]), "word")
temporary.wait(Path(sys.argv[1]))
print("ready", flush=True)
time.sleep(60)
"""


def test_it_answers_and_its_owner_may_make_databases() -> None:
    directory = short_directory("agentmesh-test-")
    with temporary.start(directory, "word") as holder:
        temporary.wait(directory)
        with psycopg.connect(temporary.url(directory, "word"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE another")
        assert holder.stdin is not None
        holder.stdin.close()
        holder.wait(20)
    assert not directory.exists()
    assert processes.of_cluster(f"test-{directory.name}") == []


def test_it_is_gone_with_its_files_when_the_one_who_asked_is_killed() -> None:
    directory = short_directory("agentmesh-test-")
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(directory)], stdout=subprocess.PIPE, cwd=CHECKOUT
    ) as asking:
        assert asking.stdout is not None
        assert asking.stdout.readline() == b"ready\n"
        asking.kill()
    assert soon(lambda: not directory.exists())
    assert processes.of_cluster(f"test-{directory.name}") == []


def test_what_keeps_it_from_starting_is_said(tmp_path: Path) -> None:
    (tmp_path / "sockets").write_text("in the way")
    with temporary.start(tmp_path, "word") as holder:
        with pytest.raises(RuntimeError, match="sockets"):
            temporary.wait(tmp_path)
        assert holder.stdin is not None
        holder.stdin.close()
        holder.wait(20)
