"""A story of their own for each file, so that two are looked at side by side."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests import tools
from tests.browser.conftest import WAIT_MS, sign_in
from tests.browser.looking import Look
from tests.browser.neighbourhood import Neighbourhood
from tests.browser.story import Story, draw
from tests.conftest import free_port
from tests.house import House

# What only admins may open; the demo's people are none.
ADMIN = "dana"


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
