"""Who may flip switches. Off is cheap, on is guarded; the policy of two people comes on top."""

from agentmesh_release.core.access import allow
from agentmesh_release.core.models.membership import Role

OFF = "switch.off"
ON = "switch.on"
MESSAGE = "switch.message"

allow(OFF, "turn anything off", Role.RELEASE_MANAGER, Role.ON_CALL)
allow(ON, "turn anything back on", Role.RELEASE_MANAGER, Role.ON_CALL)
allow(MESSAGE, "write the maintenance message", Role.RELEASE_MANAGER, Role.ON_CALL)

OF_POSITION = {"off": OFF, "on": ON}
