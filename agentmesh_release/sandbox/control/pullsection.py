"""The page's parts about open pull requests, and about the rules that guard their branch."""

from html import escape

from .elements import Frame, first_line, row, rows
from .view import Open, View


def pulls(frame: Frame, view: View) -> str:
    """Each open one, with what its reviewers and its author can do."""
    if not view.pulls:
        return ""
    items = [
        row("branch", "", f"#{one.pull.number} {first_line(one.pull.title)}.", _said(one),
            _reviewers(frame, one) + _author(frame, one))
        for one in view.pulls
    ]  # fmt: skip
    return f'<h3 class="spaced">Open pull requests</h3>{rows(items, "Open pull requests")}'


def _said(one: Open) -> str:
    said = [
        f"{verb} {escape(', '.join(who))}."
        for verb, state in (("Approved by", "APPROVED"), ("Refused by", "CHANGES_REQUESTED"))
        if (who := one.who(state))
    ]
    if one.behind:
        said.append(f"{one.behind} {'commit' if one.behind == 1 else 'commits'} behind.")
    return " ".join(said or ["Not reviewed yet."])


def _reviewers(frame: Frame, one: Open) -> str:
    number = str(one.pull.number)
    if one.who("APPROVED") or one.who("CHANGES_REQUESTED"):
        return frame.press("pulls/dismiss", "Dismiss the reviews", number=number)
    approve = frame.press("pulls/approve", "Approve", number=number)
    return approve + frame.press("pulls/request-changes", "Ask for changes", number=number)


def _author(frame: Frame, one: Open) -> str:
    number = str(one.pull.number)
    late = frame.press("commits", "Put it behind", type="chore", subject="move on")
    if one.behind:
        late = frame.press("pulls/rebase", "Rebase", number=number)
    title = frame.press("pulls/retitle", "Spoil the title", number=number)
    if ":" not in one.pull.title:
        mended = "fix: improve things"
        title = frame.press("pulls/retitle", "Mend the title", number=number, title=mended)
    push = frame.press("pulls/push", "Push a commit", number=number)
    return late + push + title + frame.press("pulls/merge", "Merge", number=number)


def guard(frame: Frame, view: View) -> str:
    """How the default branch is guarded, and what else it could be."""
    heads = {
        "full": ("lock", "", "Guarded.", "Checks, a review, and up to date; for admins too."),
        "weak": ("failed", "failed", "Weakly guarded.", "History may be rewritten, no review."),
        "hidden": ("failed", "failed", "Hidden.", "The token may not see how it is guarded."),
    }
    acts = {"full": "Guard it fully", "weak": "Weaken it", "hidden": "Hide it from the token"}
    others = [
        frame.press("protection", label, kind=kind)
        for kind, label in acts.items()
        if kind != view.guard
    ]
    item = row(*heads[view.guard], "".join(others))
    return f'<h3 class="spaced">Protection</h3>{rows([item], "Protection of the default branch")}'
