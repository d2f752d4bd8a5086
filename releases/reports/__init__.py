"""What reports say: each kind is read, checked and summed up. Free of Django and of the network."""

from .readers import read
from .reading import Reading, Unreadable

__all__ = ["Reading", "Unreadable", "read"]
