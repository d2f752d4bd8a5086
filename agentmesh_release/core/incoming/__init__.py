"""Webhooks that others send us: taken in fast, applied later by a worker (DESIGN: webhooks in).

What one says is never believed: it only names what is to be read again from its sender. So twice,
late, in any order and partly lost come to the same end, which polling would have reached too.
"""

from .applying import TOPIC, apply, replay
from .intake import receive
from .keeping import forget
from .sources import (
    Arrival,
    Outcome,
    Source,
    Unreadable,
    Unsigned,
    applied,
    ignored,
    sources,
)

__all__ = [
    "TOPIC",
    "Arrival",
    "Outcome",
    "Source",
    "Unreadable",
    "Unsigned",
    "applied",
    "apply",
    "forget",
    "ignored",
    "receive",
    "replay",
    "sources",
]
