"""The operating system's user that PostgreSQL runs as: it refuses to run as root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

# One made for us, else the one that owns nothing. Not `postgres`: where Debian's own PostgreSQL is
# installed, that user is let in to every database of it without a password (pg_hba.conf: peer).
CANDIDATES = ("agentmesh", "nobody")


@dataclass(frozen=True)
class Account:
    """An unprivileged user by name, uid and gid."""

    name: str
    uid: int
    gid: int

    @classmethod
    def owning(cls, path: Path) -> "Account":
        """The user that `path` belongs to. Raises KeyError where that is a number without a name,
        as which PostgreSQL does not start."""
        facts = path.stat()
        return cls(pwd.getpwuid(facts.st_uid).pw_name, facts.st_uid, facts.st_gid)

    def reaches(self, path: Path) -> bool:
        """Whether this user can enter the directory or run the program `path`, asked of the kernel
        (modes, ACLs, mounts)."""
        test = ["/bin/sh", "-c", 'test -x "$0"', str(path)]
        asked = subprocess.run(  # noqa: S603
            test, cwd="/", user=self.uid, group=self.gid, extra_groups=[], check=False
        )
        return asked.returncode == 0

    def own(self, path: Path) -> None:
        """Give `path` itself (not what is in it) to this user."""
        os.chown(path, self.uid, self.gid)


def unprivileged() -> Account | None:
    """The user for PostgreSQL when we are root; None when we are an ordinary user ourselves.

    Raises LookupError where the system has none of the candidates.
    """
    if os.geteuid() != 0:
        return None
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise LookupError(
        "PostgreSQL does not run as root and this system has no user "
        f"{' or '.join(CANDIDATES)}: add one (useradd --system agentmesh), "
        "start as an ordinary user, or set DATABASE_URL."
    )
