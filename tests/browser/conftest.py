"""A whole house with a small repository, and people in front of real browsers."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import tools
from tests.conftest import free_port
from tests.house import House
from tests.releases.repositories import Drawing

from .neighbourhood import FLAGS, Neighbourhood

WAIT_MS = 30_000


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three releases, and a fix and a feature that are in none."""
    drawing = Drawing(tmp_path_factory.mktemp("repositories") / "api")
    for version in ("v1.0.0", "v1.1.0", "v1.2.0"):
        drawing.commit(f"feat(runs): what came with {version} (#{version[3]}1)")
        last = drawing.commit(f"fix: what {version} mended")
        drawing.tag(version, last)
    drawing.commit("feat(agents): choose a region per agent (#41)")
    drawing.commit("fix(webhooks): keep the order of retries (#42)")
    return drawing.make()


@pytest.fixture(scope="session")
def street(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbourhood]:
    tools.need("Chromium")
    house = House(
        tmp_path_factory.mktemp("house"), free_port(), REPO=str(repository),
        SANDBOX_BUILD_SECONDS="1", SANDBOX_CHECK_SECONDS="1", SANDBOX_ALIAS_SECONDS="0.5",
    )  # fmt: skip
    try:
        house.start()
        yield Neighbourhood(house)
    finally:
        house.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A module's own: the loop that drives it must end before other tests use the database."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=tools.need("Chromium"), args=FLAGS)
        yield browser
        browser.close()


Visitor = Callable[..., Page]


@pytest.fixture
def visit(chromium: Browser, street: Neighbourhood) -> Iterator[Visitor]:
    """`visit("ada")` is a page on which Ada is signed in; keywords go to the browser context."""
    contexts: list[BrowserContext] = []

    def visit(name: str = "", **options: Any) -> Page:
        context = chromium.new_context(base_url=street.url, **options)
        context.set_default_timeout(WAIT_MS)
        contexts.append(context)
        page = context.new_page()
        if name:
            sign_in(page, name)
        return page

    yield visit
    for context in contexts:
        context.close()


def sign_in(page: Page, name: str) -> None:
    page.goto("/sign-in/")
    page.locator(f"form[action$='/sign-in/{name}/'] button").click()
    page.wait_for_url(lambda url: "sign-in" not in url)
