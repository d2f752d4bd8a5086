"""A database of the tests' own on the run's server, and short ways to fill and ask it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from agentmesh_release.providers.errors import ProviderError
from tests import environment


@contextmanager
def fresh_database() -> Iterator[str]:
    """Make an empty database, give its URL, and drop it with whoever is still connected.

    Its user lacks what is revoked, which a superuser never does: where the server's role is one,
    the URL is that of another, which owns the database and logs in by password.
    """
    environment.wait_for_database()
    server = urlsplit(os.environ["DATABASE_URL"])
    name = f"app_{secrets.token_hex(6)}"
    with psycopg.connect(server.geturl(), autocommit=True) as connection:
        is_superuser = connection.info.parameter_status("is_superuser") == "on"
        connection.execute(f"CREATE DATABASE {name}".encode())
        if is_superuser:
            connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{name}'".encode())
            connection.execute(f"ALTER DATABASE {name} OWNER TO {name}".encode())
        place = server.netloc.rpartition("@")[2]
        user = f"{name}:{name}@{place}" if is_superuser else server.netloc
        try:
            yield urlunsplit(server._replace(netloc=user, path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
            if is_superuser:
                connection.execute(f"DROP ROLE {name}".encode())


def sql(url: str, *statements: str) -> None:
    """Run statements, each in its own transaction."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def with_query(url: str, query: str) -> str:
    """The URL with more parameters."""
    return f"{url}{'&' if '?' in url else '?'}{query}"


def error_of(work: Callable[[], object]) -> ProviderError:
    """The ProviderError that `work` ends in."""
    with pytest.raises(ProviderError) as caught:
        work()
    return caught.value
