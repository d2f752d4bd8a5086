"""What the frame around every page shows: who, where, what is abnormal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone
from django.utils.functional import cached_property

from .access import may_somewhere, roles_of
from .models.membership import Role
from .models.world import World
from .registries import Condition, conditions
from .world import world

THEMES = ("light", "dark")


@dataclass(frozen=True)
class Entry:
    """One entry of the navigation."""

    url: str
    label: str
    icon: str
    is_current: bool
    count: int = 0
    count_state: str = ""
    count_word: str = ""


@dataclass(frozen=True)
class Viewer:
    name: str
    role_label: str

    @property
    def initial(self) -> str:
        return self.name[:1].upper()


# URL name, label, icon; a group per tuple.
RAIL = (
    (
        ("overview", "Overview", "overview"),
        ("history", "Releases", "release"),
        ("metrics", "Metrics", "metrics"),
    ),
    (
        ("switches", "Switches", "power"),
        ("incidents", "Incidents", "incident"),
        ("status", "Status page", "megaphone"),
    ),
    (("audit", "Audit log", "audit"), ("settings", "Settings", "settings")),
)
SETTINGS = (
    ("settings", "General", ""),
    ("projects", "Projects", ""),
    ("tokens", "API tokens", ""),
    ("webhooks", "Webhooks", ""),
    ("api", "API", ""),
)
# Pages that have no entry of their own in the rail, by the entry that they are found under.
UNDER = {"settings": {name for name, _, _ in SETTINGS}}
BOTTOM = (
    ("overview", "Overview", "overview"),
    ("history", "Releases", "release"),
    ("switches", "Switches", "power"),
    ("incidents", "Incidents", "incident"),
    ("more", "More", "more"),
)


class Frame:
    """Evaluated only as far as the page's template asks."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def world(self) -> World | None:
        return world()

    @property
    def world_name(self) -> str:
        return self.world.name if self.world else "AgentMesh Release"

    @property
    def is_demo(self) -> bool:
        return bool(self.world and self.world.is_demo)

    @property
    def search_url(self) -> str:
        """Where the rail's search asks: releases, by their version."""
        return reverse("history")

    @property
    def sandbox_url(self) -> str:
        return str(settings.SANDBOX_URL)

    @property
    def now(self) -> datetime:
        return timezone.now()

    @property
    def theme(self) -> str:
        chosen = self._request.COOKIES.get("theme", "")
        return chosen if chosen in THEMES else ""

    @cached_property
    def person(self) -> Viewer | None:
        user = self._request.user
        if not user.is_authenticated:
            return None
        roles = roles_of(user)
        role = roles.get("") or next(iter(roles.values()), None)
        return Viewer(user.name, Role(role).label if role else "No role yet")

    @cached_property
    def conditions(self) -> list[Condition]:
        return [condition for source in conditions for condition in source()]

    @property
    def rail(self) -> list[list[Entry]]:
        return [self._entries(group, UNDER) for group in RAIL]

    @property
    def bottom(self) -> list[Entry]:
        return self._entries(BOTTOM)

    @property
    def settings(self) -> list[Entry]:
        """The pages under Settings that this person may open."""
        return [entry for entry in self._entries(SETTINGS) if self._may_open(entry.url)]

    @property
    def everything(self) -> list[Entry]:
        """All entries in one list, for the phone's More page."""
        return [entry for group in self.rail for entry in group]

    def _entries(
        self, group: tuple[tuple[str, str, str], ...], under: Mapping[str, set[str]] | None = None
    ) -> list[Entry]:
        found = (self._entry(*place, (under or {}).get(place[0], set())) for place in group)
        return [entry for entry in found if entry]

    def _entry(self, name: str, label: str, icon: str, under: set[str]) -> Entry | None:
        try:
            url = reverse(name)
        except NoReverseMatch:
            return None
        mine = [condition for condition in self.conditions if condition.place == name]
        return Entry(
            url,
            label,
            icon,
            bool(self._places & {name, *under}),
            len(mine),
            mine[0].state if mine else "",
            mine[0].state if mine else "",
        )

    def _may_open(self, url: str) -> bool:
        permission = getattr(resolve(url).func, "permission", None)
        return permission is None or may_somewhere(self._request.user, permission)

    @property
    def _places(self) -> set[str]:
        """Where this page belongs: what it says itself, or its own name."""
        match = self._request.resolver_match
        return {getattr(match.func, "place", match.url_name or "")} if match else set()


def frame(request: HttpRequest) -> dict[str, Frame]:
    """The context processor."""
    return {"frame": Frame(request)}
