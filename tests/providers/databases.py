"""A database of the tests' own on the run's server, and short ways to fill and ask it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql as compose

from agentmesh_release.providers.errors import ProviderError
from tests import environment


@contextmanager
def fresh_database() -> Iterator[str]:
    """Make an empty database, give its URL, and drop it with whoever is still connected."""
    environment.wait_for_database()
    owner = os.environ["DATABASE_URL"]
    name = f"app_{secrets.token_hex(6)}"
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(compose.SQL("CREATE DATABASE {}").format(compose.Identifier(name)))
        try:
            yield urlunsplit(urlsplit(owner)._replace(path=f"/{name}"))
        finally:
            drop = compose.SQL("DROP DATABASE {} WITH (FORCE)").format(compose.Identifier(name))
            connection.execute(drop)


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
