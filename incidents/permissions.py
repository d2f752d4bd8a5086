"""What roles may do with incidents."""

from agentmesh_release.core.access import allow
from agentmesh_release.core.models import Role

allow("incident.declare", "declare an incident", Role.RELEASE_MANAGER, Role.ON_CALL)
allow("incident.update", "update an incident", Role.RELEASE_MANAGER, Role.ON_CALL)
