"""The variables that a house's processes start with: what the operator gave, then what we make.

The same go to `var/embedded.env`, so that any `manage.py` command works in another shell.
"""

import os
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import environ

from .keys import secret
from .place import Place
from .postgres import SUPERUSER, Cluster
from .provision import APP, DATABASE, OWNER, USER


@dataclass(frozen=True)
class Given:
    """What the operator set, in the environment or in `.env`; a variable counts as given under its
    name or with the suffix `_FILE`."""

    values: Mapping[str, str]

    @classmethod
    def to(cls, checkout: Path) -> "Given":
        """Read `.env` into this process's environment, where it replaces nothing."""
        environ.FileAwareEnv.read_env(str(checkout / ".env"))
        return cls(dict(os.environ))

    def has(self, name: str) -> bool:
        return bool(self.values.get(name) or self.values.get(f"{name}_FILE"))

    def read(self, name: str) -> str:
        """The value, from its file where that is how it was given; "" where it was not."""
        if path := self.values.get(f"{name}_FILE"):
            return Path(path).read_text().strip()
        return self.values.get(name, "")


def of_keys(place: Place, given: Given) -> dict[str, str]:
    """The files of the two keys that settings need, made the first time."""
    return _files(place, given, "SECRET_KEY", "AUDIT_KEY")


def of_webhooks(place: Place, given: Given) -> dict[str, str]:
    """The file of the secret with which a demo's GitHub signs, made the first time."""
    return _files(place, given, "GITHUB_WEBHOOK_SECRET")


def _files(place: Place, given: Given, *names: str) -> dict[str, str]:
    made = {}
    for name in names:
        if not given.has(name):
            path = place.secrets / name.lower().replace("_", "-")
            secret(path)
            made[f"{name}_FILE"] = str(path)
    return made


def passwords(place: Place) -> dict[str, str]:
    """The password of each database role, made the first time."""
    return {
        role: secret(place.secrets / f"postgres-{role.replace('_', '-')}")
        for role in (SUPERUSER, OWNER, USER, APP)
    }


def of_cluster(cluster: Cluster, words: Mapping[str, str]) -> dict[str, str]:
    """The URLs of our database in the embedded PostgreSQL: to work, to listen, to migrate."""
    user = cluster.url(USER, words[USER], DATABASE)
    return {
        "DATABASE_URL": user,
        "DATABASE_DIRECT_URL": user,
        "DATABASE_OWNER_URL": cluster.url(OWNER, words[OWNER], DATABASE),
    }


def of_spool(place: Place) -> str:
    """The URL of the broker that is a directory."""
    return f"spool://localhost{quote(str(place.spool))}"


def write(path: Path, values: Mapping[str, str]) -> None:
    """Write `values` as a file that django-environ reads back; mode 0600, never half there."""
    half = path.with_name(f".{path.name}.half")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write("# Written by `manage.py up` at each start.\n")
        file.writelines(f"{name}={_quoted(value)}\n" for name, value in sorted(values.items()))
    half.rename(path)


def as_owner(environment: MutableMapping[str, str], given: Given) -> dict[str, str]:
    """The variables with which a command works as the role that owns the schema."""
    owner = environment.get("DATABASE_OWNER_URL") or given.read("DATABASE_OWNER_URL")
    if not owner:
        return dict(environment)
    return {**environment, "DATABASE_URL": owner, "DATABASE_URL_FILE": ""}


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
