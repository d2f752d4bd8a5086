"""The README's four pictures, taken in a house of their own on a telling afternoon.

`make screenshots`; takes about four minutes, since the charts show what really happened.
"""

import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests import tools
from tests.conftest import free_port
from tests.house import House
from tests.watching import CHECKOUT

from .conftest import sign_in
from .neighbourhood import FLAGS, Neighbourhood
from .story import Story, draw

IMAGES = CHECKOUT / ".github" / "images"
DESK, TALL, PHONE = (1280, 900), (1280, 1150), (390, 844)
PROJECTS = ("api", "docs", "front")
WATCH_S = 120
# For so long production is quiet, and then errors rise, so that the charts have something to show.
QUIET_S, RISING_S = 100, 50


def main() -> None:
    """Start the house, live through the afternoon, take the pictures, leave nothing."""
    with tempfile.TemporaryDirectory() as folder:
        drawn = draw(Path(folder) / "repositories")
        repositories = {name: drawn[name] for name in PROJECTS}
        house = House(Path(folder) / "house", free_port(), REPO=str(repositories["api"]))
        try:
            house.start()
            story = Story(Neighbourhood(house), repositories)
            live_through(story)
            with sync_playwright() as playwright:
                chromium = tools.CHROMIUM.path()
                browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
                take_all(browser, story)
                browser.close()
        finally:
            house.close()


def live_through(story: Story) -> None:
    """docs is ready, front is blocked, api is live and fails; Cleo has turned writes off."""
    story.begin()
    story.hood.execute("UPDATE releases_project SET watch_s = %s", WATCH_S)
    for subject in ("retry a run from its page", "quotas per project"):
        story.hood.control("pulls", project="api", type="feat", scope="runs", subject=subject)
    story.hood.control("pulls", project="front", type="fix", subject="the date picker on phones")
    story.cut("docs")
    story.approve("docs")
    story.cut("front")
    time.sleep(QUIET_S)
    story.break_checks("front")
    story.promote("api")
    story.hood.control("conditions", project="api", kind="errors", on=True)
    time.sleep(RISING_S)
    story.declare()
    story.turn_off("database_kill_switch", "Runs start twice since v1.9.0.")


def take_all(browser: Browser, story: Story) -> None:
    """The pictures; what a running watch shows comes first."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    desk = page_of(browser, story, "ben", DESK)
    take(desk, f"/projects/api/promotions/{story.promotions['api']}/", "promotion")
    take(page_of(browser, story, "ben", TALL), "/", "overview")
    take(desk, f"/projects/front/releases/{story.versions['front']}/", "release")
    take(page_of(browser, story, "cleo", PHONE), "/switches/", "switches-phone")


def page_of(browser: Browser, story: Story, who: str, size: tuple[int, int]) -> Page:
    """A window of that size in which they are signed in."""
    width, height = size
    context = browser.new_context(
        base_url=story.hood.url,
        viewport={"width": width, "height": height},
        device_scale_factor=1.5,
        timezone_id="UTC",
    )
    page = context.new_page()
    sign_in(page, who)
    return page


def take(page: Page, path: str, name: str) -> None:
    page.goto(path)
    page.wait_for_timeout(1_500)  # the clock says "Live" by then
    picture = IMAGES / f"{name}.png"
    picture.write_bytes(page.screenshot())
    print(f"{picture} ({picture.stat().st_size // 1024} KiB)")


if __name__ == "__main__":
    main()
