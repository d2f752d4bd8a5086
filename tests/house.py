"""The whole house as real processes, started by `manage.py up` in a directory of its own."""

import http.client
import os
import pwd
import re
import shutil
import signal
import sys
from pathlib import Path

import psutil

from agentmesh_release.runtime import processes
from agentmesh_release.runtime.account import Account
from agentmesh_release.runtime.place import Place
from tests.watching import CHECKOUT, Told, commands, soon

# What the tests' own environment must not hand on to a house.
UNSET: dict[str, str | None] = dict.fromkeys(
    ("DATABASE_URL", "BROKER_URL", "SANDBOX_URL", "SECRET_KEY", "AUDIT_KEY"), None
)


class House:
    """One house; `port` is where it looks for a free one."""

    def __init__(self, var: Path, port: int, **environment: str) -> None:
        self.place = Place(CHECKOUT, var.resolve())
        self.environment: dict[str, str | None] = {
            **UNSET,
            "VAR_DIR": str(var),
            "PORT": str(port),
            **environment,
        }
        self.url = ""

    def start(self, *before: str, seconds: float = 90) -> None:
        """Start it and return when it is ready; `before` is put in front of the command."""
        self.told = self.run(*before)
        self.url = self.told.until(r"^Ready: (http://\S+)$", seconds)[1]

    def run(self, *before: str) -> Told:
        """`manage.py up`, as it is, on this house's directory."""
        return Told([*before, sys.executable, "manage.py", "up"], **self.environment)

    def stop(self, signum: int = signal.SIGTERM) -> int:
        """Ask it to stop; returns its exit code."""
        self.told.process.send_signal(signum)
        return self.told.process.wait(60)

    def close(self) -> None:
        """Stop it whatever state it is in, and take everything that it left."""
        self.told.close()
        soon(lambda: not self.left())
        shutil.rmtree(self.place.cluster.resolve(), ignore_errors=True)  # may lie elsewhere

    def rooms(self, name: str) -> list[psutil.Process]:
        """The processes of one room (`web`, `worker`, …), the oldest first."""
        found = processes.of_house(self.place.mark, name)
        return sorted(found, key=lambda process: process.create_time())

    def left(self, *, but: str = "") -> list[str]:
        """The command lines of what still runs, but for one room."""
        backends = processes.of_cluster(self.place.cluster_name)
        kept = self.rooms(but) if but else []
        ours = [each for each in processes.of_house(self.place.mark) if each not in kept]
        return commands([*ours, *backends])

    def get(self, path: str, host: str = "127.0.0.1") -> int:
        """The status of a page; 0 where nobody answers."""
        port = int(re.findall(r"\d+", self.url)[-1])
        connection = http.client.HTTPConnection(host, port, timeout=20)
        try:
            connection.request("GET", path, headers={"Host": f"localhost:{port}"})
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def is_ready(self) -> bool:
        return self.get("/readyz") == 200

    def manage(self, *arguments: str) -> Told:
        """A command in another shell, which knows nothing but where `var` is."""
        shell = {**UNSET, "VAR_DIR": str(self.place.var)}
        return Told([sys.executable, "manage.py", *arguments], **shell)


def can_be(user: str) -> bool:
    """Whether tests can start a house as that user: we are root, and it reaches Python and the
    checkout."""
    if os.geteuid() != 0:
        return False
    entry = pwd.getpwnam(user)
    account = Account(user, entry.pw_uid, entry.pw_gid)
    return all(map(account.reaches, (Path(sys.executable), CHECKOUT / "manage.py")))
