"""The roles and databases inside a cluster: who owns, who only uses."""

from collections.abc import Mapping

import psycopg
from psycopg import sql

OWNER, USER, APP = "agentmesh_owner", "agentmesh_app", "app"
DATABASE, APP_DATABASE = "agentmesh", "app"
_OWNERS = {DATABASE: OWNER, APP_DATABASE: APP}


def provision(
    superuser_url: str, passwords: Mapping[str, str], *, may_create: bool = False
) -> None:
    """Make what is missing of the three roles and the two databases; run at every start.

    `passwords` maps each role to its password. The owner migrates; the user reads and writes rows
    of what the owner makes, and owns nothing; `app` stands for the customer's own application.
    With `may_create` the owner may make databases (for tests).
    """
    with psycopg.connect(superuser_url, autocommit=True, dbname="postgres") as connection:
        for role in (OWNER, USER, APP):
            _role(connection, role, passwords[role], may_create=may_create and role == OWNER)
        for database, owner in _OWNERS.items():
            _database(connection, database, owner)
        _close_to_others(connection)
    for database in (DATABASE, "template1") if may_create else (DATABASE,):
        with psycopg.connect(superuser_url, autocommit=True, dbname=database) as connection:
            share_with_user(connection)


def share_with_user(connection: psycopg.Connection) -> None:
    """In this database, let the user work with the tables that the owner will make."""
    for kinds, rights in (
        ("TABLES", "SELECT, INSERT, UPDATE, DELETE"),
        ("SEQUENCES", "USAGE, SELECT"),
    ):
        connection.execute(
            sql.SQL(
                "ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT {} ON {} TO {}"
            ).format(sql.Identifier(OWNER), sql.SQL(rights), sql.SQL(kinds), sql.Identifier(USER))
        )


def _role(connection: psycopg.Connection, role: str, password: str, *, may_create: bool) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    if known is None:
        connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
    connection.execute(
        sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEROLE {} PASSWORD {}").format(
            sql.Identifier(role),
            sql.SQL("CREATEDB" if may_create else "NOCREATEDB"),
            sql.Literal(password),
        )
    )


def _database(connection: psycopg.Connection, database: str, owner: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
    if known.fetchone() is None:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(
                sql.Identifier(database), sql.Identifier(owner)
            )
        )


def _close_to_others(connection: psycopg.Connection) -> None:
    """Each database admits its own people only: our rows are none of the application's business."""
    for database, people in ((DATABASE, (OWNER, USER)), (APP_DATABASE, (APP,))):
        connection.execute(
            sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database))
        )
        for person in people:
            connection.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                    sql.Identifier(database), sql.Identifier(person)
                )
            )
