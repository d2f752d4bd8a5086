"""What the sweep picks up: flips that a target has yet to confirm."""

from agentmesh_release.core.sweep import duty

from .models import Confirmation
from .writing import write

duty("switch", lambda: Confirmation.objects.owed().due(), write)
