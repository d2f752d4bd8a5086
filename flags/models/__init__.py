from .confirmation import Confirmation
from .flip import Flip
from .switch import Switch
from .target import Target

__all__ = ["Confirmation", "Flip", "Switch", "Target"]
