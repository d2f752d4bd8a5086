"""The page's part about security alerts."""

from ..github import securityalerts
from ..github.securityalerts import SEVERITIES, SOURCES
from ..sandbox import Sandbox
from .elements import Frame, button, field, first_line, row, rows, section, select, text_input
from .view import View

NAMES = {
    "code-scanning": "Code scanning",
    "dependabot": "Dependabot",
    "secret-scanning": "Secret scanning",
}


def alerts(sandbox: Sandbox, frame: Frame, view: View) -> str:
    """What is open, and a form that opens another."""
    items = [item for source in SOURCES for item in _of_source(sandbox, frame, view, source)]
    return section("alerts", "Security alerts", rows(items, "Security alerts") + _form(frame))


def _of_source(sandbox: Sandbox, frame: Frame, view: View, source: str) -> list[str]:
    name = NAMES[source]
    if not securityalerts.is_on(sandbox, view.project, source):
        on = frame.press("alerts/reading", "Switch it on", source=source, on="true")
        return [row("lock", "", f"{name} is off.", "GitHub refuses to list its alerts.", on)]
    found = [one for one in securityalerts.of(sandbox, view.project, source) if one.is_open]
    off = frame.press("alerts/reading", "Switch it off", source=source, on="false")
    head = f"{name} has {len(found)} open." if found else f"{name} has found nothing."
    items = [row("alert" if found else "passed", "failed" if found else "", head, "", off)]
    for one in found:
        close = frame.press("alerts/close", "Close", source=source, number=str(one.number))
        head = f"#{one.number} {first_line(one.summary)}."
        items.append(row("alert", "failed", head, f"{name}, {one.severity}.", close))
    return items


def _form(frame: Frame) -> str:
    source = field("alert-source", "Source", select("alert-source", "source", SOURCES))
    severity = field("alert-severity", "Severity", select("alert-severity", "severity", SEVERITIES))
    summary = field("alert-summary", "What", text_input("alert-summary", "summary"), style="wide")
    content = (
        f'<h3>Open an alert</h3><div class="message">{source}{severity}{summary}'
        f'<div class="field"><span class="label">&nbsp;</span>{button("Open the alert")}</div>'
        "</div>"
    )
    return frame.form("alerts", content, style="stack spaced")
