"""Testing connections: what the product needs of a project's providers, asked read-only.

The forms in which a project is set up, its settings and `doctor` say what is found here.
"""

from .findings import Finding
from .probe import PROBES, Probe, Subject, examine

__all__ = ["PROBES", "Finding", "Probe", "Subject", "examine"]
