"""Who opens which page, and what none of them may find. Derived from the URLconf."""

import re

import pytest

from agentmesh_release.core.access import permissions
from agentmesh_release.core.models import Role
from tests.browser.looking import Look
from tests.browser.story import Story
from tests.pages.addresses import PAGES, READING

from .conftest import ADMIN, Looker
from .places import places

FOR_ADMINS = {
    name
    for name, view in PAGES.items()
    if (held := view.callback.permission) and permissions.get(held).roles == {Role.ADMIN}
}
ANYWHERE = [name for name, view in PAGES.items() if view.callback.permission is None]
FOR_ALL = {name for name in READING if Role.STAKEHOLDER in permissions.get(name).roles}
READ = [name for name, view in PAGES.items() if view.callback.permission in FOR_ALL]
# Pages that refuse: who, where, and the status.
REFUSED = [
    ("ada", "/nowhere/", 404),
    ("sam", "/projects/api/draft/cut/", 403),
    ("", "/nowhere/", 404),
]


def finds_nothing_wrong(
    here: Look, place: str, width: int, *, themes: bool = False, fits: int = 0
) -> None:
    """Where it answers GET, it is well in a window of that width, in both themes if asked, and
    `fits` a narrower one."""
    answer = here.at(place)
    if answer.status == 405:
        return
    assert answer.ok, f"{place}: {answer.status}"
    for theme in ("light", "dark") if themes else ("light",):
        here.page.emulate_media(color_scheme=theme)
        here.wide(width)
        here.for_all()
    if fits:
        here.wide(fits)
    assert not here.wrong, "\n".join([place, *here.wrong])


def is_refused_well(here: Look, place: str, status: int, width: int) -> None:
    """A refusal is a page like any other, but for its status in the console."""
    assert here.at(place).status == status
    here.wide(width)
    here.for_all()
    own = [each for each in here.wrong if not re.search(rf"status of {status}", each)]
    assert not own, "\n".join(own)


class EveryPage:
    """At one width, in a file of its own for each: two of them are looked at side by side.

    What acts is looked at in both themes, and `fits` a narrower window too.
    """

    width: int
    fits = 0

    @pytest.mark.parametrize("name", PAGES)
    def test_who_acts_finds_nothing_wrong(
        self, story: Story, look: Looker, token: str, name: str
    ) -> None:
        here = look(ADMIN if name in FOR_ADMINS else "ada")
        for place in places(name, story, token):
            finds_nothing_wrong(here, place, self.width, themes=True, fits=self.fits)

    @pytest.mark.parametrize("name", READ)
    def test_who_reads_finds_nothing_wrong(
        self, story: Story, look: Looker, token: str, name: str
    ) -> None:
        finds_nothing_wrong(look("sam"), places(name, story, token)[0], self.width)

    @pytest.mark.parametrize("name", ANYWHERE)
    def test_a_stranger_finds_nothing_wrong(
        self, story: Story, look: Looker, token: str, name: str
    ) -> None:
        finds_nothing_wrong(look(""), places(name, story, token)[0], self.width)

    @pytest.mark.parametrize(("who", "place", "status"), REFUSED)
    def test_a_refusal_is_a_page_like_any_other(
        self, look: Looker, who: str, place: str, status: int
    ) -> None:
        is_refused_well(look(who), place, status, self.width)

    @pytest.mark.parametrize("query", ["form=lines", "form=lanes&q=api", "q=none+of+them"])
    def test_every_form_of_the_overview(self, look: Looker, query: str) -> None:
        finds_nothing_wrong(look("ada"), f"/?{query}", self.width, fits=self.fits)
