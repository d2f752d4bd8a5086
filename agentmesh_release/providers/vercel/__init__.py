"""Vercel: projects, deployments, promotion, rollback, aliases and rolling releases."""

from agentmesh_release.providers.vercel.client import Vercel
from agentmesh_release.providers.vercel.deployments import BuildEvent, Deployment
from agentmesh_release.providers.vercel.projects import (
    Accepted,
    Alias,
    AliasJob,
    AliasRequest,
    Domain,
    FailedAlias,
    Project,
    Token,
    Variable,
)
from agentmesh_release.providers.vercel.rolling import RollingRelease, Stage

__all__ = [
    "Accepted",
    "Alias",
    "AliasJob",
    "AliasRequest",
    "BuildEvent",
    "Deployment",
    "Domain",
    "FailedAlias",
    "Project",
    "RollingRelease",
    "Stage",
    "Token",
    "Variable",
    "Vercel",
]
