"""All of it by keyboard: the focus is seen, kept by dialogs, given back, and never lost."""

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import Visitor
from .neighbourhood import Neighbourhood

pytestmark = pytest.mark.browser

FOCUSED = "document.activeElement.closest('a, button')?.textContent.trim() ?? ''"
IN_DIALOG = (
    "document.activeElement.closest('dialog') !== null || document.activeElement === document.body"
)
OUTLINED = "getComputedStyle(document.activeElement).outlineStyle !== 'none'"


@pytest.fixture
def ada(visit: Visitor) -> Page:
    page = visit("ada")
    page.goto("/projects/api/draft/")
    return page


def opened(page: Page) -> Locator:
    """The question of the bar at the bottom, opened by Enter."""
    page.locator(".action-bar").get_by_role("link", name="Cut").focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog:modal")
    expect(dialog).to_be_visible()
    return dialog


def test_the_first_tab_leads_past_the_navigation(ada: Page) -> None:
    ada.keyboard.press("Tab")
    assert ada.evaluate(FOCUSED) == "Skip to content"
    ada.keyboard.press("Enter")
    ada.keyboard.press("Tab")
    assert ada.evaluate("document.activeElement.closest('main') !== null")


def test_every_stop_is_seen(ada: Page) -> None:
    stops = 0
    ada.keyboard.press("Tab")
    while ada.evaluate("document.activeElement !== document.body") and stops < 200:
        assert ada.evaluate(OUTLINED), ada.evaluate("document.activeElement.outerHTML")
        stops += 1
        ada.keyboard.press("Tab")
    assert stops > 15


def test_a_dialog_starts_in_its_reason_and_keeps_the_focus(ada: Page) -> None:
    dialog = opened(ada)
    expect(dialog.locator("textarea[name=reason]")).to_be_focused()
    for _ in range(12):
        ada.keyboard.press("Tab")
        assert ada.evaluate(IN_DIALOG)


def test_escape_closes_it_and_goes_back_to_what_opened_it(ada: Page) -> None:
    dialog = opened(ada)
    ada.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert ada.evaluate(FOCUSED).startswith("Cut")


def test_enter_without_a_reason_says_so_and_stays(ada: Page) -> None:
    dialog = opened(ada)
    ada.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    expect(dialog.locator("textarea[name=reason]")).to_be_focused()


def test_the_focus_survives_a_fragment_that_is_fetched_again(
    visit: Visitor, street: Neighbourhood
) -> None:
    page = visit("ada")
    page.goto("/")
    lane = page.locator("#pipelines").get_by_role("link", name="api", exact=True)
    lane.focus()
    page.evaluate("document.querySelector('#pipelines').dataset.mark = 'old'")
    page.evaluate("document.querySelector('#pipelines').dispatchEvent(new Event('stale'))")
    expect(page.locator("#pipelines:not([data-mark])")).to_be_visible()
    expect(lane).to_be_focused()
