"""Reading what a form or a JSON body gave an act."""

from .. import project as projects
from ..project import Project
from ..sandbox import Sandbox
from ..wire import Json

LONGEST = 20_000


class Wrong(Exception):
    """The act cannot be done with these values; the text is a sentence for a person."""


def text(values: Json, name: str, default: str | None = None) -> str:
    """A text, required when there is no default. Raises Wrong."""
    value = values.get(name)
    if value in (None, ""):
        if default is None:
            raise Wrong(f"{name} is missing.")
        return default
    if not isinstance(value, str) or len(value) > LONGEST:
        raise Wrong(f"{name} is not a text of at most {LONGEST} characters.")
    return value


def flag(values: Json, name: str, *, default: bool = False) -> bool:
    """Yes or no, from a checkbox, a button or JSON. Raises Wrong."""
    value = values.get(name, default)
    known = {
        "true": True,
        "on": True,
        "1": True,
        "false": False,
        "off": False,
        "0": False,
        "": False,
    }
    if isinstance(value, str) and value.lower() in known:
        return known[value.lower()]
    if not isinstance(value, bool):
        raise Wrong(f"{name} is neither true nor false.")
    return value


def number(values: Json, name: str) -> float | None:
    """A number of zero or more, None when absent. Raises Wrong."""
    value = values.get(name)
    if value in (None, ""):
        return None
    try:
        found = float(str(value))
    except ValueError as error:
        raise Wrong(f"{name} is not a number.") from error
    if not 0 <= found < 1e9:
        raise Wrong(f"{name} is not a number of zero or more.")
    return found


def project(sandbox: Sandbox, values: Json) -> Project:
    """The project that an act is about. Raises Wrong."""
    name = text(values, "project").removeprefix("demo/")
    found = projects.named(sandbox, name)
    if found is None:
        raise Wrong(f"There is no project {name}.")
    return found


def choice(values: Json, name: str, allowed: tuple[str, ...]) -> str:
    """One of some words. Raises Wrong."""
    value = text(values, name)
    if value not in allowed:
        raise Wrong(f"{name} is not one of {', '.join(allowed)}.")
    return value
