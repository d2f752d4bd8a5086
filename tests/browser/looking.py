"""Looking at a page for what no page may have: messages, reports, barriers, a bar below it."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Response

# Its own fetching of style sheets is what a strict policy rightly refuses; no rule is switched off.
AXE = {"preload": False, "resultTypes": ["violations"]}
REPORTS = """
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
  console.error(`CSP: ${violatedDirective} ${blockedURI}`));
"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
HEIGHT = 900


class Look:
    """One browser page; what is wrong with what it shows is gathered until it is asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wrong: list[str] = []
        self._axe = Axe()
        page.add_init_script(REPORTS)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))

    def at(self, path: str) -> Response:
        """Go there; what the page before had to say is forgotten."""
        self.page.goto("about:blank")
        self.wrong.clear()
        answer = self.page.goto(path)
        assert answer is not None
        return answer

    def wide(self, width: int) -> None:
        """Look at it in a window of that width, and whether it has to be pushed sideways."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        if over := self.page.evaluate(TOO_WIDE):
            self.wrong.append(f"{width} px: {over} px too wide")

    def for_all(self) -> None:
        """Whether everybody can use what is shown now, as far as axe can tell."""
        found = self._axe.run(self.page, options=AXE)
        size = self.page.viewport_size or {"width": 0}
        if found.violations_count:
            self.wrong.append(f"{size['width']} px: {found.generate_report()}")

    def _hear(self, message: ConsoleMessage) -> None:
        self.wrong.append(f"{message.type}: {message.text}")
