"""An app's PostgreSQL: its `config_flags`, and its migration tables (Prisma's, Supabase's)."""

from agentmesh_release.providers.appdb.client import AppDatabase
from agentmesh_release.providers.appdb.flags import Reading
from agentmesh_release.providers.appdb.history import (
    AppliedVersion,
    Migration,
    MigrationState,
    PrismaHistory,
    PrismaRow,
    RepositoryMigration,
    SupabaseHistory,
)
from agentmesh_release.providers.appdb.standing import Standing, Table

__all__ = [
    "AppDatabase",
    "AppliedVersion",
    "Migration",
    "MigrationState",
    "PrismaHistory",
    "PrismaRow",
    "Reading",
    "RepositoryMigration",
    "Standing",
    "SupabaseHistory",
    "Table",
]
