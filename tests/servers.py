"""Databases beside those that pytest-django makes, for what runs in processes of its own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests import environment


@contextmanager
def databases(name: str) -> Iterator[str]:
    """The URL of a new database, on the server of this run; it goes, and `<name>_app` with it,
    when the block ends."""
    environment.wait_for_database()
    url = os.environ["DATABASE_URL"]
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    with psycopg.connect(url, autocommit=True) as connection:
        try:
            connection.execute(f"CREATE DATABASE {name}_{worker}")
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}_{worker}"))
        finally:
            for each in (f"{name}_{worker}", f"{name}_{worker}_app"):
                connection.execute(f"DROP DATABASE IF EXISTS {each} WITH (FORCE)")
