"""The page's parts about the trunk: commits, pull requests, migrations, checks and builds."""

from html import escape

from .elements import (
    Frame,
    button,
    check,
    field,
    first_line,
    message_fields,
    row,
    rows,
    section,
    select,
    sha,
    text_input,
)
from .pullsection import guard, pulls
from .trunkacts import PHASES
from .view import View

LAND = "Checks begin, and a production build that waits for a promotion."
OPEN = "Checks begin, and a preview is built."


def trunk(frame: Frame, view: View) -> str:
    """Land a commit, open a pull request, bring a migration."""
    forms = (
        f'<div class="columns columns-even">{_commit(frame)}{_pull(frame)}</div>{_migration(frame)}'
    )
    branch = escape(view.project.default_branch or "no branch yet")
    note = f"{branch} {sha(view.head)}" if view.head else branch
    content = forms + pulls(frame, view) + guard(frame, view)
    return section("trunk", "Trunk", content, note=note)


def _commit(frame: Frame) -> str:
    boxes = check("commit-bad", "bad", "Does harm when live") + check(
        "commit-breaking", "breaking", "Breaking change"
    )
    content = (
        f"<h3>Land a commit</h3>{message_fields('commit', 'answer faster')}"
        f'<div class="row">{boxes}</div>'
        f'<div class="row">{button("Land the commit", "primary")}'
        f'<span class="note">{LAND}</span></div>'
    )
    return frame.form("commits", content, style="stack")


def _pull(frame: Frame) -> str:
    content = (
        f"<h3>Open a pull request</h3>{message_fields('pull', 'keep the last page')}"
        f'<div class="row">{check("pull-bad", "bad", "Does harm when live")}</div>'
        f'<div class="row">{button("Open the pull request")}<span class="note">{OPEN}</span></div>'
    )
    return frame.form("pulls", content, style="stack")


def _migration(frame: Frame) -> str:
    phase = field("phase", "Phase", select("phase", "phase", PHASES))
    name = field("migration", "Name", text_input("migration", "name", placeholder="add plan"))
    content = (
        f'<h3>Bring a migration</h3><div class="message">{phase}{name}'
        f'<div class="field"><span class="label">&nbsp;</span>{button("Land the migration")}</div>'
        "</div>"
    )
    return frame.form("migrations", content, style="stack spaced")


def automation(frame: Frame, view: View) -> str:
    """What continuous integration and the builds do next."""
    owner = view.project
    items = [
        _checks(frame, fails=owner.fail_next_checks),
        _builds(frame, breaks=owner.break_next_build),
    ]
    if view.head:
        fail = frame.press("checks", "Fail them", sha=view.head, conclusion="failure")
        settle = frame.press("checks", "Pass them", sha=view.head, conclusion="success")
        subject = first_line(view.subject)
        items.append(row("branch", "", f"Checks of {sha(view.head)}.", subject, fail + settle))
    note = f"{view.building} building now" if view.building else ""
    return section("automation", "Checks and builds", rows(items, "Checks and builds"), note=note)


def _checks(frame: Frame, *, fails: bool) -> str:
    if fails:
        undo = frame.press("checks", "Let them pass", fail_next="false")
        return row(
            "failed", "failed", "The next checks fail.", "The tests of the next commit.", undo
        )
    act = frame.press("checks", "Fail the next checks", fail_next="true")
    return row("passed", "", "The next checks pass.", "A few seconds after a commit arrives.", act)


def _builds(frame: Frame, *, breaks: bool) -> str:
    if breaks:
        undo = frame.press("builds", "Let it succeed", break_next="false")
        return row("failed", "failed", "The next build fails.", "It ends in an error.", undo)
    act = frame.press("builds", "Break the next build", break_next="true")
    return row("passed", "", "The next build succeeds.", "It is queued, builds, and is ready.", act)
