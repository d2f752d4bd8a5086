"""Pull requests."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Self

from django.db import models

from agentmesh_release.core.gates import Checklist

from ..pulls.names import CI
from .project import Project


class PullRequestQuerySet(models.QuerySet["PullRequest"]):
    def open(self) -> Self:
        return self.filter(state=PullRequest.State.OPEN)

    def judged(self, rule: str = "", state: str = "") -> Self:
        """Of which that rule, or any, was judged so; a rule alone asks for what it holds up."""
        entry = {name: value for name, value in (("gate", rule), ("state", state)) if value}
        if not entry:
            return self
        if state:
            return self.filter(rules__contains={"items": [entry]})
        return self.exclude(rules__contains={"items": [{**entry, "state": "passed"}]})


class PullRequest(models.Model):
    """A pull request as GitHub last showed it.

    `rules` is the checklist of the trunk rules as it was judged last, empty before that;
    `updated_at` is GitHub's, and `merge_sha` the commit that landed.
    """

    class State(models.TextChoices):
        OPEN = "open", "Open"
        MERGED = "merged", "Merged"
        CLOSED = "closed", "Closed"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="pull_requests")
    number = models.PositiveIntegerField()
    title = models.TextField()
    author = models.CharField(max_length=150, blank=True)
    state = models.CharField(max_length=6, choices=State)
    head_sha = models.CharField(max_length=64)
    head_ref = models.CharField(max_length=250, blank=True)
    is_draft = models.BooleanField(default=False)
    updated_at = models.DateTimeField(null=True)
    merged_at = models.DateTimeField(null=True)
    merge_sha = models.CharField(max_length=64, blank=True)
    rules: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    url = models.URLField(max_length=500)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField()

    objects = PullRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="pull_request_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "merged", "closed"]),
                name="pull_request_state_is_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["project"], condition=models.Q(state="open"), name="pull_request_open"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    def checklist(self, now: datetime) -> Checklist:
        """The trunk rules, aged: each reading of the list confirms what does not depend on CI."""
        kept = Checklist.from_json(self.rules)
        items = tuple(
            replace(item, verdict=replace(item.verdict, as_of=self.read_at))
            if item.gate != CI and item.verdict.as_of
            else item
            for item in kept
        )
        return replace(kept, items=items).aged(now)
