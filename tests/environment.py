"""What the settings read while tests run; set before Django is configured (see conftest.py).

One PostgreSQL serves the whole run. The process that starts pytest starts it, without waiting, and
its xdist workers inherit the address; `TEST_DATABASE_URL` names another server instead (its role
must be allowed to create databases).
"""

import contextlib
import os
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path

from agentmesh_release.runtime import temporary
from agentmesh_release.runtime.postgres import short_directory
from agentmesh_release.runtime.provision import OWNER

DIRECTORY = "AGENTMESH_TEST_DIRECTORY"
# Names of the house's own settings that a developer's shell may hold; tests see none of them.
FOREIGN = (
    "REDIS_URL",
    "DATABASE_DIRECT_URL",
    "DATABASE_OWNER_URL",
    "APP_DATABASE_URL",
    "HTTPS",
    "GITHUB_WEBHOOK_SECRET",
)

_holder: subprocess.Popen[bytes] | None = None


def prepare() -> None:
    """Set the environment of this process and of the workers it will start."""
    for name in (*FOREIGN, *(name + "_FILE" for name in (*FOREIGN, "DATABASE_URL"))):
        os.environ.pop(name, None)
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _start()
    var = Path(os.environ[DIRECTORY]) / "var"
    (var / "static").mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "agentmesh_release.settings",
        "VAR_DIR": str(var),
        "BROKER_URL": f"spool://{var}/spool",
        "SECRET_KEY": "a key for tests, of no worth anywhere else",
        "AUDIT_KEY": "a seal for tests, of no worth anywhere else",
        "SANDBOX_URL": "",
        "DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or cluster_url(OWNER),
    }


def wait_for_database() -> None:
    """Return when the server answers. Raises RuntimeError with its reason when it cannot."""
    if not os.environ.get("TEST_DATABASE_URL"):
        temporary.wait(Path(os.environ[DIRECTORY]))


def cluster_url(role: str, database: str = "agentmesh") -> str:
    """A URL into the run's own PostgreSQL, for one of its three roles."""
    return temporary.url(
        Path(os.environ[DIRECTORY]), os.environ[temporary.PASSWORD], role, database
    )


def end() -> None:
    """End the server and remove its files; happens by itself when this process is killed."""
    if _holder is not None and _holder.stdin is not None:
        _holder.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            _holder.wait(15)
    elif "PYTEST_XDIST_WORKER" not in os.environ:
        shutil.rmtree(os.environ[DIRECTORY], ignore_errors=True)


def _start() -> None:
    global _holder
    if os.environ.get("TEST_DATABASE_URL"):
        os.environ[DIRECTORY] = tempfile.mkdtemp(prefix="agentmesh-test-")
        return
    os.environ[DIRECTORY] = str(short_directory("agentmesh-test-"))
    os.environ[temporary.PASSWORD] = secrets.token_hex(16)
    _holder = temporary.start(Path(os.environ[DIRECTORY]), os.environ[temporary.PASSWORD])
