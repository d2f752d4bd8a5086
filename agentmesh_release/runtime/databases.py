"""What a start asks a database, before Django does and without loading it."""

from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict


def greet(url: str) -> None:
    """Raises psycopg.Error, which says why, when the database does not answer within ten seconds
    or does not let us in."""
    psycopg.connect(url, connect_timeout=10).close()


def world_kind(url: str) -> str | None:
    """ "demo" or "real"; None where no world has been chosen. Raises psycopg.Error."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT kind FROM core_world").fetchone()
    return None if row is None else str(row[0])


def applied_migrations(url: str) -> str:
    """A fingerprint of which migrations this very database has seen, and when. Raises
    psycopg.Error."""
    with psycopg.connect(url) as connection:
        if connection.execute("SELECT to_regclass('django_migrations')").fetchone() == (None,):
            return ""
        row = connection.execute(
            "SELECT md5(string_agg(concat_ws('.', id, app, name, applied), ' ' ORDER BY id)) "
            "FROM django_migrations"
        ).fetchone()
    return "" if row is None else str(row[0])


def worker_has_worked(url: str, within_s: float) -> bool:
    """Whether a worker gave a sign of life in the last `within_s` seconds, by the database's clock.
    Raises psycopg.Error."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT EXISTS (SELECT FROM core_heartbeat WHERE part LIKE 'worker:%%' "
            "AND at > clock_timestamp() - make_interval(secs => %s))",
            [within_s],
        ).fetchone()
    return row is not None and bool(row[0])


def app_database_beside(owner_url: str) -> str | None:
    """The URL of a database for the demo's application on the operator's own server, made when it
    is missing; None where the role may not make one. Raises psycopg.Error."""
    name = f"{conninfo_to_dict(owner_url).get('dbname') or 'agentmesh'}_app"
    with psycopg.connect(owner_url, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if known.fetchone() is None:
            try:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            except psycopg.errors.InsufficientPrivilege:
                return None
    return urlunsplit(urlsplit(owner_url)._replace(path=f"/{name}"))
