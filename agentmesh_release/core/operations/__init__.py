"""The engine for long acts: promotions, rollbacks and whatever else takes longer than a request."""

from . import timing
from .engine import run
from .kinds import OperationKind, StepKind, kinds
from .outcomes import Done, Errored, Failed, Outcome, Wait
from .requests import Request, cancel, environment_lock, start, take_over
from .step_context import Fenced, StepContext

__all__ = [
    "Done",
    "Errored",
    "Failed",
    "Fenced",
    "OperationKind",
    "Outcome",
    "Request",
    "StepContext",
    "StepKind",
    "Wait",
    "cancel",
    "environment_lock",
    "kinds",
    "run",
    "start",
    "take_over",
    "timing",
]
