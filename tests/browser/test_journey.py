"""From trunk to production and back, as people do it: with JavaScript, and all of it without."""

import itertools
import re
import time
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import Visitor
from .neighbourhood import Neighbourhood

pytestmark = pytest.mark.browser

LONG_MS = 60_000
_names = itertools.count(1)


@dataclass
class Person:
    """Somebody in front of a page; without JavaScript they reload to see what is new."""

    page: Page
    has_javascript: bool

    def go(self, path: str) -> None:
        self.page.goto(path)

    def until(self, wanted: Locator) -> None:
        """Wait for it to come up: by itself, or by reloading."""
        if self.has_javascript:
            expect(wanted.first).to_be_visible(timeout=LONG_MS)
            return
        deadline = time.monotonic() + LONG_MS / 1000
        while not wanted.first.is_visible():
            assert time.monotonic() < deadline, f"{wanted} never came up"
            time.sleep(0.5)
            self.page.reload()

    def press(self, name: str) -> None:
        """Press the button or link of that name, in the bar at the bottom."""
        self.page.locator(".action-bar").get_by_role("link", name=name).click()

    def decide(self, reason: str, button: str) -> None:
        """Answer the question that came up, with a reason."""
        dialog = self.page.locator("dialog[open]")
        dialog.locator("textarea[name=reason]").fill(reason)
        dialog.get_by_role("button", name=button).click()
        self.page.wait_for_url(re.compile(r"/(releases|promotions|rollbacks)/[^/]+/$"))


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def has_javascript(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def test_the_main_journey(street: Neighbourhood, visit: Visitor, has_javascript: bool) -> None:
    def person(name: str) -> Person:
        return Person(visit(name, java_script_enabled=has_javascript), has_javascript)

    subject = f"region number {next(_names)} per agent"
    landed = street.control("commits", project="api", type="feat", scope="x", subject=subject)
    version, url = _cut(person("ada"), subject)
    _approve(person("ben"), url)
    promotion = _promote(person("ben"), url)
    promoted = [
        event
        for event in street.journal(vendor="vercel", kind="promoted")
        if event["detail"].get("to_sha", event["detail"].get("sha")) == landed["sha"]
    ]
    assert len(promoted) == 1, "exactly one effective promote"
    _roll_back(person("cleo"), promotion)
    _read(person("sam"), version, url)


def _cut(ada: Person, subject: str) -> tuple[str, str]:
    """Draft, then cut; answers the version and the address of the release."""
    ada.go("/projects/api/draft/")
    ada.until(ada.page.get_by_text(subject))
    ada.until(ada.page.locator(".action-bar", has_text="publishes it at GitHub"))
    ada.press("Cut")
    expect(ada.page.locator("dialog[open]")).to_contain_text("Validation passed")
    ada.decide("Planned for Thursday.", "Cut the release")
    ada.until(ada.page.get_by_role("heading", name="Blocks promotion"))
    ada.until(ada.page.locator("#blocks-h + .section-note", has_text="1 of 6"))
    expect(ada.page.locator("#gates")).to_contain_text("Manual approval")
    expect(ada.page.locator(".action-bar")).to_contain_text("may approve")
    assert ada.page.locator(".action-bar").get_by_role("link", name="Approve").count() == 0
    title = ada.page.locator("h1").inner_text()
    found = re.search(r"\d+\.\d+\.\d+", title)
    assert found, title
    return found[0], ada.page.url


def _approve(ben: Person, url: str) -> None:
    ben.go("/")
    ben.until(ben.page.locator("#waiting", has_text="Approve api"))
    ben.go(url)
    ben.press("Approve")
    ben.decide("Tried it on preview.", "Approve")
    ben.until(ben.page.locator("#approvals", has_text="Ben approved"))
    ben.until(ben.page.get_by_text("Ready to promote"))


def _promote(ben: Person, url: str) -> str:
    ben.go(url)
    ben.press("Promote to production")
    expect(ben.page.locator("dialog[open]")).to_contain_text("live for everyone")
    ben.decide("Planned for Thursday.", "Promote")
    ben.until(ben.page.locator("#progress h1", has_text="Watching"))
    expect(ben.page.locator(".track-steps")).to_contain_text("Confirm")
    return ben.page.url


def _roll_back(cleo: Person, promotion: str) -> None:
    """Take over from the promotion while it is watched."""
    cleo.go(promotion)
    cleo.press("Roll back to")
    expect(cleo.page.locator("dialog[open]")).to_contain_text("takes over from the promotion")
    cleo.decide("Errors since it went live.", "Roll back to")
    cleo.until(cleo.page.locator("#progress", has_text="Automation is on hold"))
    cleo.go(promotion)
    cleo.until(cleo.page.get_by_text("Taken over"))
    cleo.go("/")
    cleo.until(cleo.page.locator("#pipelines", has_text="On hold"))


def _read(sam: Person, version: str, url: str) -> None:
    """Sam sees all of it and cannot act."""
    sam.go("/releases/")
    sam.until(sam.page.get_by_role("link", name=f"v{version}"))
    sam.go(url)
    expect(sam.page.locator("#approvals")).to_contain_text("Ben approved")
    expect(sam.page.locator("#gates")).to_contain_text("Evidence at that time")
    for act in ("Roll back", "Ask for its promotion", "Approve", "Promote"):
        assert sam.page.locator(".action-bar").get_by_role("link", name=act).count() == 0
    sam.go("/audit/?project=api")
    for deed in (
        "Cut the release",
        "Approved the promotion",
        "Promoted it",
        "Started the rollback",
    ):
        sam.until(sam.page.get_by_text(deed))
