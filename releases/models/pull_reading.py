"""What GitHub says of an open pull request beyond the list of them."""

from typing import Any

from django.db import models

from .pull_request import PullRequest

Parts = list[dict[str, Any]]


class PullReading(models.Model):
    """Reviews, commits, and the distance to the trunk, as read for one head and one trunk.

    `updated_at` is the pull request's own, of which reviews and commits were read; `base_sha` the
    trunk's head that the distance is to. `unread` says why a part could not be read, by its name.
    `read_at` is when something of it was asked for last, whether or not that came to its end.
    """

    pull_request = models.OneToOneField(
        PullRequest, on_delete=models.CASCADE, related_name="reading", primary_key=True
    )
    head_sha = models.CharField(max_length=64, blank=True)
    updated_at = models.DateTimeField(null=True)
    base_sha = models.CharField(max_length=64, blank=True)
    behind_by = models.PositiveIntegerField(null=True)
    conflicts = models.BooleanField(default=False)
    reviews: "models.JSONField[Parts, Parts]" = models.JSONField(default=list)
    commits: "models.JSONField[Parts, Parts]" = models.JSONField(default=list)
    may_be_cut = models.BooleanField(default=False)
    unread: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(default=dict)
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["read_at"]

    def __str__(self) -> str:
        return f"Reading of {self.pull_request_id}"
