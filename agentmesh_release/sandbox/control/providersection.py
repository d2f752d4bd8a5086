"""The page's parts about the providers, the pace of things, and what happened."""

import json
from html import escape

from .. import messages
from ..clock import iso_ms
from ..faults import Fault
from ..sandbox import Sandbox
from .elements import Frame, button, field, row, rows, section

NAMES = {
    "github": "GitHub",
    "vercel": "Vercel",
    "supabase": "Supabase",
    "prometheus": "Prometheus",
    "slack": "Slack",
    "pagerduty": "PagerDuty",
    "smtp": "Mail",
}
FAULTS = {"500": "500", "429": "429", "hang": "Hang", "html": "HTML", "half": "Half a body"}
SAID = {
    "hang": "hangs",
    "slow": "answers slowly",
    "html": "answers with a web page",
    "half": "breaks off in the middle",
    "drop": "closes the connection",
    "late": "acts, and its answer is lost",
    "rate_limited": "says that the limit is used up",
}
PACE = {
    "build_seconds": "A build takes",
    "check_seconds": "Checks take",
    "alias_seconds": "A promotion takes",
}
SHOWN = 20


def providers(sandbox: Sandbox, frame: Frame) -> str:
    """How each provider behaves, and the buttons that change it."""
    standing = {fault.provider: fault for fault in sandbox.faults.all()}
    items = [_provider(frame, key, standing.get(key) or standing.get("*")) for key in NAMES]
    extra = frame.press("faults/clear", "All recover", "quiet") if standing else ""
    return section("providers", "Providers", rows(items, "Providers"), extra=extra)


def _provider(frame: Frame, key: str, fault: Fault | None) -> str:
    buttons = "".join(
        button(label, name="kind", value=kind, about=NAMES[key])
        for kind, label in FAULTS.items()
        if fault is None or fault.kind != kind
    )
    style = "row row-end"
    controls = frame.form("faults", buttons, style=style, provider=key)
    if fault is None:
        return row("passed", "", f"{NAMES[key]} answers.", "", controls)
    recover = frame.form(
        "faults", button("Recover", name="kind", value="recover", about=NAMES[key]), provider=key
    )
    return row("alert", "failed", f"{NAMES[key]} {_behaviour(fault)}.", _reach(fault), recover)


def _behaviour(fault: Fault) -> str:
    return SAID.get(fault.kind, f"answers {escape(fault.kind)}")


def _reach(fault: Fault) -> str:
    parts = []
    if fault.path or fault.method:
        parts.append(
            f"For {escape(fault.method or 'all calls')} {escape(fault.path)}".rstrip() + "."
        )
    if fault.times:
        parts.append(f"For {fault.times} more calls.")
    return " ".join(parts) or "Until it recovers."


def pace(sandbox: Sandbox, frame: Frame) -> str:
    """How long things take."""
    fields = "".join(
        field(
            name,
            f"{label} (s)",
            f'<input class="input" id="{name}" name="{name}" type="number" min="0" max="3600"'
            f' step="0.1" value="{sandbox.seconds(name):g}">',
        )
        for name, label in PACE.items()
    )
    save = f'<div class="field"><span class="label">&nbsp;</span>{button("Set the pace")}</div>'
    form = frame.form("speed", f'<div class="message">{fields}{save}</div>', style="stack")
    return section("pace", "Pace", form)


def happened(sandbox: Sandbox) -> str:
    """The newest entries of the journal, and what was sent out."""
    events = sandbox.journal.newest(SHOWN)
    if not events:
        nothing = '<div class="empty"><p>Nothing has changed at a provider yet.</p></div>'
        return section("happened", "What happened", nothing)
    lines = "".join(
        f'<tr><td class="cell-at">{event["at"][11:19]}</td>'
        f"<td>{escape(event['kind'].replace('_', ' '))}</td>"
        f"<td>{escape(event['project'])}</td>"
        f'<td class="cell-detail">{escape(_detail(event["detail"]))}</td>'
        f'<td class="cell-by">{escape(event["by"])}</td></tr>'
        for event in events
    )
    head = "<tr><th>Time</th><th>Act</th><th>Project</th><th>What</th><th>By</th></tr>"
    table = (
        '<div class="table-scroll" tabindex="0" role="region" aria-label="The newest acts">'
        f'<table class="table table-dense"><thead>{head}</thead><tbody>{lines}</tbody></table>'
        "</div>"
    )
    note = 'effective acts only, UTC, <a href="/_control/journal">all as JSON</a>'
    return section("happened", "What happened", table, note=note) + _sent(sandbox)


def _detail(detail: dict[str, object]) -> str:
    """The fact that a reader looks for first."""
    for name in ("subject", "migration", "tag", "ref", "name", "number", "to_sha", "sha"):
        if name in detail:
            value = str(detail[name])
            return value[:7] if name.endswith("sha") else value[:100]
    return json.dumps(detail)[:100] if detail else ""


def _sent(sandbox: Sandbox) -> str:
    kept = messages.newest(sandbox, 5)
    if not kept:
        return ""
    lines = "".join(
        f'<tr><td class="cell-at">{iso_ms(row["at"])[11:19]}</td>'
        f"<td>{escape(NAMES[row['vendor']])}</td><td>{escape(row['summary'][:120])}</td></tr>"
        for row in kept
    )
    head = "<tr><th>Time</th><th>By way of</th><th>Message</th></tr>"
    table = f'<table class="table"><thead>{head}</thead><tbody>{lines}</tbody></table>'
    note = '<a href="/_control/messages">all as JSON</a>'
    return section("sent", "What went out", table, note=note)
