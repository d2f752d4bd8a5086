"""Who may flip switches. Off is cheap, on is guarded; the policy of two people comes on top."""

from agentmesh_release.core.access import READ, Visitor, allow, may, one_of, permissions, who_may
from agentmesh_release.core.models.membership import Role
from agentmesh_release.core.rights import offer

OFF = "switch.off"
ON = "switch.on"
MESSAGE = "switch.message"

allow(OFF, "turn anything off", Role.RELEASE_MANAGER, Role.ON_CALL)
allow(ON, "turn anything back on", Role.RELEASE_MANAGER, Role.ON_CALL)
allow(MESSAGE, "write the maintenance message", Role.RELEASE_MANAGER, Role.ON_CALL)

offer("flags:read", "read how the switches stand", READ, is_worldwide=True)
offer("switches:write", "flip switches", OFF, is_worldwide=True)

OF_POSITION = {"off": OFF, "on": ON}


class Others:
    """Who may instead of this visitor, asked once for permissions that the same roles hold."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor
        self._names: dict[frozenset[Role], str] = {}

    def instead(self, permission: str) -> str:
        """`Ada or Ben`; empty when the visitor may."""
        if may(self._visitor, permission):
            return ""
        roles = permissions.get(permission).roles
        if roles not in self._names:
            self._names[roles] = one_of(who_may(permission))
        return self._names[roles]
