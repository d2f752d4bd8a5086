"""What an API token can be good for: rights, registered by each app. None implies another.

A right is what its owner allowed the token; what the owner may do is asked on top each time.
"""

from dataclasses import dataclass

from .registries import Registry


@dataclass(frozen=True)
class Right:
    """`act` completes "may …"; `permission` is what the owner's role has to hold.

    A worldwide right is about no project, so a token of one project cannot have it.
    """

    name: str
    act: str
    permission: str
    is_worldwide: bool = False


rights: Registry[Right] = Registry("right")


def offer(name: str, act: str, permission: str, *, is_worldwide: bool = False) -> None:
    """Register a right that tokens can be given."""
    rights.register(name, Right(name, act, permission, is_worldwide))
