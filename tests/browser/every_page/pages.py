"""Who opens which page, and what none of them may find. Derived from the URLconf."""

import re

from agentmesh_release.core.access import permissions
from agentmesh_release.core.models import Role
from tests.browser.looking import Look
from tests.pages.addresses import PAGES, READING

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
FORMS_OF_THE_OVERVIEW = ["form=lines", "form=lanes&q=api", "q=none+of+them"]


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
