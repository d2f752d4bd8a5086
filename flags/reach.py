"""The way to an app's database: a small pool of our own, so that nobody else's slow reading holds
up a switch (DESIGN §8, *Flags*)."""

from functools import lru_cache

from agentmesh_release.core.connections import secret
from agentmesh_release.providers.appdb import AppDatabase

BUDGET_S = 1.5
"""How long one call to a target may take; a look and a write fit into the request's 2 s twice
over when the target is well, and a hanging one is given up soon."""


def app_database(url_name: str) -> AppDatabase:
    """The database that the variable names. Raises ProviderError when it is not configured."""
    return _pooled(secret(url_name, "The app database"))


@lru_cache(maxsize=32)
def _pooled(dsn: str) -> AppDatabase:
    return AppDatabase(dsn, budget_s=BUDGET_S, pool_size=4)
