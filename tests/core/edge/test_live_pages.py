"""`static/js/live.js` in a real browser, against a real server."""

import os
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from playwright.sync_api import BrowserContext, Page, sync_playwright

from agentmesh_release.core.edge import tickets
from tests import tools
from tests.core.edge.wire import Server, wait_until

pytestmark = pytest.mark.browser

COUNT = """window.seen = []; window.states = [];
document.addEventListener("live", (event) => states.push(event.detail.connected));
document.addEventListener("stale", (event) => seen.push(event.target.id), true);"""


@pytest.fixture(scope="module")
def browser_context() -> Iterator[BrowserContext]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=tools.need("Chromium"), args=["--no-sandbox"]
        )
        context = browser.new_context()
        context.add_init_script(COUNT)
        yield context
        browser.close()


@pytest.fixture
def context(browser_context: BrowserContext, own_house: Server) -> Iterator[BrowserContext]:
    browser_context.add_cookies([live_cookie(own_house)])
    yield browser_context
    for page in browser_context.pages:
        page.close()


def live_cookie(house: Server) -> Any:
    value = tickets.issue(os.getpid(), "a session", time.time())
    return {"name": "live", "value": value, "url": f"http://localhost:{house.port}/live"}


def open_page(context: BrowserContext, house: Server) -> Page:
    page = context.new_page()
    page.goto(f"http://localhost:{house.port}/page")
    return page


def is_live(page: Page, state: bool = True) -> None:
    page.wait_for_function(f"() => states.at(-1) === {str(state).lower()}", timeout=20_000)


def notify(payload: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("SELECT pg_notify('live', %s)", [payload])


def heard(page: Page, *fragments: str) -> None:
    page.wait_for_function(f"() => {list(fragments)!r}.every((id) => seen.includes(id))")


def test_only_the_stale_fragment_is_told(context: BrowserContext, own_house: Server) -> None:
    page = open_page(context, own_house)
    is_live(page)
    notify("release:42")
    heard(page, "a")
    assert page.evaluate("seen") == ["a"]


def test_tabs_share_one_stream(context: BrowserContext, own_house: Server) -> None:
    first = open_page(context, own_house)
    is_live(first)
    second = open_page(context, own_house)
    is_live(second)
    assert own_house.get("/open-streams").text == "1"
    notify("switches")
    heard(second, "b")


def test_the_next_tab_takes_over(context: BrowserContext, own_house: Server) -> None:
    first, second = open_page(context, own_house), open_page(context, own_house)
    is_live(second)
    first.close()
    wait_until(lambda: own_house.get("/open-streams").text == "1")
    notify("switches")
    heard(second, "b")


def test_everything_is_read_again_after_a_loss(context: BrowserContext, own_house: Server) -> None:
    page = open_page(context, own_house)
    is_live(page)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s",
            [f"agentmesh listener {own_house.process.pid}"],
        )
    heard(page, "a", "b")
    is_live(page)
    assert page.evaluate("states") == [True, False, True]


def test_without_a_stream_it_asks_now_and_then(context: BrowserContext, own_house: Server) -> None:
    context.clear_cookies()
    page = open_page(context, own_house)
    is_live(page, state=False)
    page.wait_for_function("() => seen.includes('a') && seen.includes('b')", timeout=25_000)
    context.add_cookies([live_cookie(own_house)])
    is_live(page)
