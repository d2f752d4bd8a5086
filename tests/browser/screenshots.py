"""The README's four pictures: `make screenshots` tells the story in a house of its own."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests import tools
from tests.conftest import free_port
from tests.house import House

from .conftest import sign_in
from .neighbourhood import FLAGS, Neighbourhood
from .story import Story, draw

IMAGES = Path(__file__).resolve().parents[2] / ".github" / "images"
DESKTOP, PHONE = (1280, 860), (390, 844)


def main() -> None:
    """Start the house, tell the story, take the pictures, leave nothing."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        repositories = draw(place / "repositories")
        house = House(place / "house", free_port(), REPO=str(repositories["api"]))
        try:
            house.start()
            hood = Neighbourhood(house)
            story = Story(hood, repositories)
            story.tell()
            take(hood, story)
        finally:
            house.close()


def take(hood: Neighbourhood, story: Story) -> None:
    """The pictures, of what the story has come to."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    release = f"/projects/api/releases/{story.versions['api']}/"
    promotion = f"/projects/front/promotions/{story.promotions['front']}/"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=tools.need("Chromium"), args=FLAGS)
        desktop = _page(browser, hood, "ben", DESKTOP)
        for name, path in (("overview", "/"), ("release", release), ("promotion", promotion)):
            _take(desktop, path, name)
        _take(_page(browser, hood, "cleo", PHONE), "/switches/", "switches-phone")
        browser.close()


def _page(browser: Browser, hood: Neighbourhood, who: str, size: tuple[int, int]) -> Page:
    width, height = size
    context = browser.new_context(
        base_url=hood.url,
        viewport={"width": width, "height": height},
        device_scale_factor=1.5,
        timezone_id="UTC",
    )
    page = context.new_page()
    sign_in(page, who)
    return page


def _take(page: Page, path: str, name: str) -> None:
    page.goto(path)
    page.wait_for_timeout(1_500)  # the clock says "Live" by then
    page.screenshot(path=IMAGES / f"{name}.png")
    print(f"{IMAGES / name}.png")


if __name__ == "__main__":
    main()
