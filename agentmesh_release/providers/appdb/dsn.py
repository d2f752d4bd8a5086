"""Connection strings as people have them: libpq's, and the ones that Prisma writes."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from agentmesh_release.providers.errors import ProviderError

# https://www.prisma.io/docs/orm/overview/databases/postgresql#arguments: Prisma's own, unknown to
# libpq, which would refuse the whole string.
PRISMAS_OWN = frozenset(
    {
        "schema",
        "pgbouncer",
        "connection_limit",
        "pool_timeout",
        "socket_timeout",
        "statement_cache_size",
        "sslaccept",
        "sslidentity",
    }
)


@dataclass(frozen=True)
class Dsn:
    """Where the database is: libpq parameters, and the schema if one was named. Its repr holds
    no secret."""

    parameters: dict[str, str]
    schema: str | None

    def __repr__(self) -> str:
        return "<Dsn>"

    @classmethod
    def parse(cls, text: str) -> Dsn:
        """Parse a connection string; a permanent ProviderError that does not quote it if bad."""
        schema, text = None, text.strip()
        try:
            if text.startswith(("postgres://", "postgresql://")):
                parts = urlsplit(text)
                query = parse_qsl(parts.query, keep_blank_values=True)
                schema = dict(query).get("schema") or None
                kept = urlencode([(k, v) for k, v in query if k not in PRISMAS_OWN])
                text = urlunsplit(parts._replace(query=kept))
            parameters = {k: str(v) for k, v in conninfo_to_dict(text).items() if v is not None}
            if not all(port.isdigit() for port in parameters.get("port", "5432").split(",")):
                raise ValueError("a port is a number")
        except (ProgrammingError, ValueError):
            raise ProviderError(
                "The app database's connection string cannot be read; it should look like "
                "postgresql://user:password@host:5432/name.",
                permanent=True,
            ) from None
        return cls(parameters, schema)
