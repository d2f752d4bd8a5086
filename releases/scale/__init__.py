"""A large made-up world, to see how pages, searches and plans stand it (`manage.py seed_scale`).

Everything follows from the plan's seed: the same plan gives the same rows, whatever ids they get.
"""

from .plan import SLUG, Plan

__all__ = ["SLUG", "Plan"]
