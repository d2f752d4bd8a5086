"""`core.words`, under the name that migrations know."""

from agentmesh_release.core.words import Words

__all__ = ["Words"]
