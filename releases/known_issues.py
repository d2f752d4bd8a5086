"""What people type about a known issue, and the issues of a release as pages show them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Subquery

from .conventional.markdown import escaped
from .models.known_issue import LONGEST_DESCRIPTION, LONGEST_TITLE, KnownIssue
from .models.release import Release
from .rows import as_rows, moments

OPEN_STATES = {"high": "failed", "medium": "warning", "low": "warning"}


class KnownIssueForm(forms.Form):
    """One issue; its sentences are read by people who do not know the code."""

    title = forms.CharField(
        max_length=LONGEST_TITLE,
        label="What users notice",
        error_messages={
            "required": "Say in a sentence what users notice.",
            "max_length": f"Say it in {LONGEST_TITLE} characters; the description has room.",
        },
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )
    severity = forms.ChoiceField(
        choices=KnownIssue.Severity.choices,
        initial=KnownIssue.Severity.MEDIUM,
        label="Severity",
        error_messages={"invalid_choice": "Choose high, medium or low."},
    )
    description = forms.CharField(
        max_length=LONGEST_DESCRIPTION,
        required=False,
        label="Description",
        help_text="Who is hit, and a way around it, if there is one.",
        error_messages={"max_length": f"Say it in {LONGEST_DESCRIPTION} characters."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    url = forms.URLField(
        max_length=500,
        required=False,
        assume_scheme="https",
        label="Link",
        error_messages={"invalid": "Write a whole address, such as https://example.com/issues/7."},
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )

    def clean_url(self) -> str:
        """Only what a browser may follow without running it."""
        url: str = self.cleaned_data["url"]
        if url and not url.startswith(("https://", "http://")):
            raise forms.ValidationError("Write an address that starts with https://.")
        return url

    @property
    def refusals(self) -> str:
        """All that is wrong, in sentences."""
        return " ".join(str(error) for errors in self.errors.values() for error in errors)


def rows() -> ArraySubquery:
    """To annotate releases with: their known issues, open ones first, the gravest first."""
    rows = KnownIssue.objects.in_release(OuterRef("project"), OuterRef("precedence"))
    return as_rows(
        rows.gravest_first(),
        "id", "title", "description", "severity", "url", "state", "opened_by", "opened_at",
        "closed_by", "closed_at", "closed_because",
        found_in="release__tag", found_in_version="release__version", closed_in="closed_in__tag",
    )  # fmt: skip


def open_count() -> Subquery:
    """To annotate releases with: how many open issues each has; None where it has none."""
    found = KnownIssue.objects.in_release(OuterRef("project"), OuterRef("precedence"))
    counted = found.filter(state=KnownIssue.State.OPEN).order_by().values("project")
    return Subquery(counted.annotate(number=Count("pk")).values("number"))


def of(release: Release) -> list[dict[str, Any]]:
    """The rows that were read beside the release, with the `mark` that stands beside each."""
    found: list[dict[str, Any]] = release.issue_rows  # type: ignore[attr-defined]
    return [
        {**row, "mark": OPEN_STATES[row["severity"]] if row["state"] == "open" else "passed"}
        for row in moments(found)
    ]


def changed_at(release: Release) -> datetime | None:
    """When its issues last changed; None where it has none."""
    moments_of = [(issue["opened_at"], issue["closed_at"]) for issue in of(release)]
    return max((at for pair in moments_of for at in pair if at), default=None)


def as_markdown(release: Release) -> str:
    """A section for the changelog's export; empty where no issue is open."""
    issues = [issue for issue in of(release) if issue["state"] == "open"]
    if not issues:
        return ""
    return "\n".join(["", "### Known issues", "", *lines(issues), ""])


def lines(issues: list[dict[str, Any]]) -> Iterator[str]:
    """Issues as a list in Markdown; what people wrote stays text."""
    for issue in issues:
        link = f" <{issue['url']}>" if issue["url"] else ""
        closed = f", closed in {escaped(issue['closed_in'] or '')}" if issue["closed_at"] else ""
        found = f"found in {escaped(issue['found_in'])}{closed}"
        yield f"- {escaped(issue['title'])} ({issue['severity']}, {found}){link}"
        for line in issue["description"].splitlines():
            if line.strip():
                yield f"  {escaped(line)}"
