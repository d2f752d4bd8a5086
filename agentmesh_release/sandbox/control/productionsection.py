"""The page's parts about production: how it is, what disturbs it, what happens behind our back."""

from html import escape

from .elements import Frame, age, first_line, row, rows, section, sha, state
from .view import View

OF_CONDITIONS = {
    "slow": (
        "Response times are normal.",
        "Production is slow.",
        "p95 about 180 ms, limit 300 ms.",
        "p95 about 900 ms, limit 300 ms.",
        "Slow production down",
        "Back to normal speed",
    ),
    "errors": (
        "Few requests fail.",
        "Many requests fail.",
        "About 0.02 %, limit 0.1 %.",
        "About 4 %, limit 0.1 %.",
        "Raise the error rate",
        "Lower it again",
    ),
    "down": (
        "Production is up.",
        "Production is down.",
        "Every probe gets an answer.",
        "No probe gets an answer.",
        "Take production down",
        "Bring it up again",
    ),
}


def strip(view: View) -> str:
    """Four facts about the project."""
    return f'<div class="strip">{"".join(map(_cell, _facts(view)))}</div>'


def _cell(fact: tuple[str, str, str]) -> str:
    label, value, note = fact
    return (
        f'<div class="strip-cell"><p class="strip-label">{label}</p>'
        f'<p class="strip-value">{value}</p><p class="strip-note">{note}</p></div>'
    )


def _facts(view: View) -> list[tuple[str, str, str]]:
    owner, live = view.project, view.live
    trunk = (sha(view.head) if view.head else "Empty", first_line(view.subject) or "No commit yet")
    production = ("Nothing", "No build was promoted")
    if live is not None:
        when = age(live.promoted_at or live.created_at)
        production = (f"<b>{escape(view.live_name)}</b>", f"{first_line(live.message)}, {when} ago")
    bypass = (
        (state("Open", "failed", "alert"), "New builds go live by themselves")
        if owner.auto_assign
        else (state("Closed", "passed", "lock"), "New builds wait for a promotion")
    )
    return [
        ("Trunk", *trunk),
        ("Production", *production),
        ("Signals, last 10 s", *_signals(view)),
        ("Bypass", *bypass),
    ]


def _signals(view: View) -> tuple[str, str]:
    if view.errors is None or view.p95_s is None:
        return "None", "Nothing is live"
    space = "\N{NO-BREAK SPACE}"
    numbers = f"p95 {view.p95_s * 1000:.0f}{space}ms, errors {view.errors * 100:.2f}{space}%"
    if view.errors > 0.001 or view.p95_s > 0.3:
        return state("Over the limit", "failed", "alert"), numbers
    return state("Normal", "passed", "passed"), numbers


def production(frame: Frame, view: View) -> str:
    """What disturbs production."""
    items = [_condition(frame, kind, on=kind in view.conditions) for kind in OF_CONDITIONS]
    if view.live is not None:
        items.append(_bad(frame, view.live.sha, bad=view.live_is_bad))
    extra = frame.press("normal", "Back to normal", "quiet") if view.conditions else ""
    content = rows(items, "Production")
    return section(
        "production", "Production", content, note=escape(view.project.domain), extra=extra
    )


def _condition(frame: Frame, kind: str, *, on: bool) -> str:
    off_head, on_head, off_note, on_note, act, undo = OF_CONDITIONS[kind]
    if on:
        control = frame.press("conditions", undo, kind=kind, on="false")
        return row("alert", "failed", on_head, on_note, control)
    control = frame.press("conditions", act, kind=kind, on="true")
    return row("passed", "", off_head, off_note, control)


def _bad(frame: Frame, commit: str, *, bad: bool) -> str:
    if bad:
        control = frame.press("bad-commits", "Let it do no harm", sha=commit, bad="false")
        sentence = "Errors and response times are high for as long as it is live."
        return row("alert", "failed", f"{sha(commit)} does harm.", sentence, control)
    control = frame.press("bad-commits", "Let it do harm", sha=commit, bad="true")
    return row("passed", "", f"{sha(commit)} is a good commit.", "It is what is live.", control)


def outside(frame: Frame, view: View) -> str:
    """What other people and the provider do past the product."""
    owner = view.project
    if owner.auto_assign:
        close = frame.press("bypass", "Close the bypass", open="false")
        sentence = "Vercel puts each new production build live by itself."
        items = [row("alert", "failed", "The bypass is open.", sentence, close)]
    else:
        act = frame.press("bypass", "Open the bypass", open="true")
        sentence = "Vercel leaves new production builds staged."
        items = [row("lock", "", "The bypass is closed.", sentence, act)]
    items.append(_change(frame, view))
    apply = frame.press("migrations/apply", "Apply pending migrations")
    sentence = "What the repository's own workflow does at the newest commit."
    items.append(row("database", "", "Migrations.", sentence, apply))
    items.append(_plan(frame, hobby=owner.hobby))
    return section("outside", "Outside the product", rows(items, "Outside the product"))


def _change(frame: Frame, view: View) -> str:
    head, drawing = "Someone promotes a build at Vercel.", "arrow-up"
    if view.other is None:
        return row(drawing, "", head, "There is no other build that is ready.", "")
    act = frame.press("production", f"Promote {view.other.sha[:7]}", deployment=view.other.id)
    sentence = f"{first_line(view.other.message)} goes live without a promotion."
    return row(drawing, "", head, sentence, act)


def _plan(frame: Frame, *, hobby: bool) -> str:
    if hobby:
        act = frame.press("plan", "Back to Pro", hobby="false")
        return row("package", "", "Vercel's Hobby plan.", "Rolling back goes one step only.", act)
    act = frame.press("plan", "Put it on Hobby", hobby="true")
    return row("package", "", "Vercel's Pro plan.", "Rolling back goes to any earlier build.", act)
