"""What reports say: each kind is read, checked, summed up and compared with the one before.

Free of Django and of the network. Reading takes time and memory that grow with the body alone; no
body makes it fail in another way than `Unreadable`.
"""

from .comparing import Difference, compare
from .figures import FIGURES, Figure, in_words
from .readers import KINDS, read
from .reading import Reading, Unreadable

__all__ = [
    "FIGURES",
    "KINDS",
    "Difference",
    "Figure",
    "Reading",
    "Unreadable",
    "compare",
    "in_words",
    "read",
]
