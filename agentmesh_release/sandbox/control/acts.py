"""What can be made to happen. An act takes the values of a form or of JSON and returns facts.

They are in `trunkacts`, `pullacts`, `productionacts`, `provideracts` and `alertacts`.
"""

from collections.abc import Callable

import psycopg

from ..git.cloning import NotARepository
from ..journal import Cause
from ..sandbox import Sandbox
from ..trunk import NotPossible
from ..wire import Json
from .values import Wrong

Act = Callable[[Sandbox, Cause, Json], Json]
_ACTS: dict[str, Act] = {}


def act(path: str) -> Callable[[Act], Act]:
    """Decorator: this function answers `POST /_control/<path>`."""

    def register(function: Act) -> Act:
        _ACTS[path] = function
        return function

    return register


def perform(sandbox: Sandbox, path: str, cause: Cause, values: Json) -> Json:
    """Do the act of a path. Raises Wrong with a sentence, LookupError when there is no such act."""
    try:
        wanted = _ACTS[path]
    except KeyError as error:
        raise LookupError(path) from error
    try:
        return wanted(sandbox, cause, values)
    except (NotPossible, NotARepository) as error:
        raise Wrong(str(error)) from error
    except psycopg.Error as error:
        raise Wrong(f"The app database said no: {error}") from error
