"""Registries: how a lower layer reaches what a higher one knows, without importing it.

Each is filled in `AppConfig.ready()` and read at run time; names are unique.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.http import HttpRequest

Entry = TypeVar("Entry")


class Registry(Generic[Entry]):
    """Named entries in the order in which they were registered."""

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self._entries: dict[str, Entry] = {}

    def register(self, name: str, entry: Entry) -> Entry:
        """Add an entry. Raises ValueError when the name is taken."""
        if name in self._entries:
            raise ValueError(f"The {self.noun} {name!r} is registered twice.")
        self._entries[name] = entry
        return entry

    def get(self, name: str) -> Entry:
        """The entry of that name. Raises LookupError with a sentence."""
        try:
            return self._entries[name]
        except KeyError:
            raise LookupError(f"There is no {self.noun} {name!r}.") from None

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __len__(self) -> int:
        return len(self._entries)


@dataclass(frozen=True)
class Condition:
    """Something abnormal in the whole world, shown in the top line of every page."""

    state: str
    icon: str
    word: str
    url: str
    place: str
    """URL name of the navigation entry that counts it, e.g. `switches`."""


@dataclass(frozen=True)
class Panel:
    """What one app shows on a page of another: a template with its context."""

    template: str
    context: dict[str, Any]
    position: int = 0


ScopeSource = Callable[[], list[tuple[str, str]]]
ConditionSource = Callable[[], list[Condition]]
PanelSource = Callable[[HttpRequest, Any], Panel | None]

scopes: Registry[ScopeSource] = Registry("source of scopes")
"""What roles and tokens can be limited to: slugs and names."""
conditions: Registry[ConditionSource] = Registry("source of conditions")
panels: dict[str, Registry[PanelSource]] = {}


def panels_of(page: str) -> Registry[PanelSource]:
    """The panels that other apps put on the page of that name, e.g. `overview`."""
    return panels.setdefault(page, Registry(f"panel of {page}"))


def show_panels(page: str, request: HttpRequest, subject: Any = None) -> list[Panel]:
    """The panels of a page for one request, in their positions."""
    shown = [source(request, subject) for source in panels_of(page)]
    return sorted((panel for panel in shown if panel), key=lambda panel: panel.position)


def known_scopes() -> list[tuple[str, str]]:
    """Slug and name of everything that roles and tokens can be limited to."""
    return [scope for source in scopes for scope in source()]
