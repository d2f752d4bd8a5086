"""Every page, in both themes and at every width, has nothing wrong. Derived from the URLconf."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from agentmesh_release.core.access import permissions
from agentmesh_release.core.models import Role
from tests import tools
from tests.conftest import free_port
from tests.house import House
from tests.pages.addresses import PAGES, READING, url_of

from .conftest import WAIT_MS, sign_in
from .looking import Look
from .neighbourhood import Neighbourhood
from .story import Story, draw

pytestmark = pytest.mark.browser

# Of what there are several kinds, the projects of the story that show the others.
ELSEWHERE = {
    "draft": ("front", "site"),
    "history": (),
    "release": ("front", "docs", "site"),
    "evidence": ("front", "docs", "site"),
    "promotion": ("front", "docs"),
    "cancellation": ("front",),
    "adoption": ("site",),
    "rollback-start": ("front",),
}
# What only admins may open; the demo's people are none.
ADMIN = "dana"
FOR_ADMINS = {
    name
    for name, view in PAGES.items()
    if (held := view.callback.permission) and permissions.get(held).roles == {Role.ADMIN}
}
# A version of the first project that was tagged before the story begins.
OUT = "1.8.2"
ANYWHERE = [name for name, view in PAGES.items() if view.callback.permission is None]
FOR_ALL = {name for name in READING if Role.STAKEHOLDER in permissions.get(name).roles}
READ = [name for name, view in PAGES.items() if view.callback.permission in FOR_ALL]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    tools.need("Chromium")
    place = tmp_path_factory.mktemp("story")
    repositories = draw(place / "repositories")
    house = House(place / "var", free_port(), REPO=str(repositories["api"]))
    try:
        house.start()
        told = Story(Neighbourhood(house), repositories)
        told.tell()
        yield told
    finally:
        house.close()


Looker = Callable[[str], Look]


@pytest.fixture(scope="module")
def look(chromium: Browser, story: Story) -> Iterator[Looker]:
    """`look("ada")` is a page on which Ada is signed in, the same one each time."""
    looks: dict[str, Look] = {}

    def look(name: str) -> Look:
        if name not in looks:
            context = chromium.new_context(base_url=story.hood.url, reduced_motion="reduce")
            context.set_default_timeout(WAIT_MS)
            looks[name] = Look(context.new_page())
            if name == ADMIN:
                sign_in_by_link(looks[name].page, link_for(story, name))
            elif name:
                sign_in(looks[name].page, name)
        return looks[name]

    yield look
    for each in looks.values():
        each.page.context.close()


@pytest.fixture(scope="module")
def token(story: Story) -> str:
    """Of a one-time link that nobody has used yet."""
    return link_for(story, "robo")


def link_for(story: Story, name: str) -> str:
    """The token of a one-time link for that admin."""
    told = story.hood.house.manage("createadmin", name)
    link = told.until(r"/sign-in/link/([^/]+)/", 60)[1]
    told.process.wait(20)
    return link


def sign_in_by_link(page: Page, link: str) -> None:
    page.goto(f"/sign-in/link/{link}/")
    page.locator("main form button").click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def places(name: str, story: Story, token: str) -> list[str]:
    """The addresses of that name, one for each state that the story has of it."""

    rows = {
        "rollback": story.rollback,
        "token-revocation": story.token,
        "known-issue-closing": 1,
    }

    def values(project: str) -> dict[str, Any]:
        return {
            "slug": project,
            "version": OUT if name == "public-release" else story.versions.get(project, "3.0.0"),
            "pk": rows.get(name) or story.promotions.get(project, 1),
            "token": token,
            **({"number": story.pull} if name == "pull" else {}),
        }

    first = "docs" if name == "rollback" else "api"
    return [url_of(name, **values(project)) for project in (first, *ELSEWHERE.get(name, ()))]


@pytest.mark.parametrize("name", PAGES)
def test_ada_finds_nothing_wrong(story: Story, look: Looker, token: str, name: str) -> None:
    here = look(ADMIN if name in FOR_ADMINS else "ada")
    for address in places(name, story, token):
        answer = here.at(address)
        if answer.status == 405:
            return
        assert answer.ok, f"{address}: {answer.status}"
        for theme in ("light", "dark"):
            here.page.emulate_media(color_scheme=theme)
            for width in (1440, 390):
                here.wide(width)
                here.for_all()
        here.wide(320)
        assert not here.wrong, "\n".join([address, *here.wrong])


def finds_nothing_wrong(here: Look, place: str) -> None:
    """Where it answers GET, it is well on a desk and on a phone."""
    answer = here.at(place)
    if answer.status == 405:
        return
    assert answer.ok
    for width in (1440, 390):
        here.wide(width)
        here.for_all()
    assert not here.wrong, "\n".join(here.wrong)


@pytest.mark.parametrize("name", READ)
def test_who_may_only_read_finds_nothing_wrong(
    story: Story, look: Looker, token: str, name: str
) -> None:
    finds_nothing_wrong(look("sam"), places(name, story, token)[0])


@pytest.mark.parametrize("name", ANYWHERE)
def test_a_stranger_finds_nothing_wrong(story: Story, look: Looker, token: str, name: str) -> None:
    finds_nothing_wrong(look(""), places(name, story, token)[0])


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [("ada", "/nowhere/", 404), ("sam", "/projects/api/draft/cut/", 403), ("", "/nowhere/", 404)],
)
def test_a_refusal_is_a_page_like_any_other(look: Looker, who: str, path: str, status: int) -> None:
    here = look(who)
    assert here.at(path).status == status
    for width in (1440, 390):
        here.wide(width)
        here.for_all()
    own = [each for each in here.wrong if not re.search(rf"status of {status}", each)]
    assert not own, "\n".join(own)


@pytest.mark.parametrize("query", ["form=lines", "form=lanes&q=api", "q=none+of+them"])
def test_every_form_of_the_overview(look: Looker, query: str) -> None:
    here = look("ada")
    here.at(f"/?{query}")
    for width in (1440, 390, 320):
        here.wide(width)
        here.for_all()
    assert not here.wrong, "\n".join(here.wrong)
