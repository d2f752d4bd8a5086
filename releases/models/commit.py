"""Commits of a project's repository."""

from typing import Self

from django.db import models

from .project import Project
from .release import Release


class CommitQuerySet(models.QuerySet["Commit"]):
    def unreleased(self) -> Self:
        """On the default branch, and in no release yet."""
        return self.filter(release=None, is_on_head=True)


class Commit(models.Model):
    """One commit; `position` grows towards the newest, `release` is the first that has it.

    `type` is empty when the message does not follow Conventional Commits.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="commits")
    release = models.ForeignKey(
        Release, null=True, on_delete=models.SET_NULL, related_name="commits"
    )
    sha = models.CharField(max_length=64)
    position = models.BigIntegerField()
    author_name = models.CharField(max_length=250)
    committed_at = models.DateTimeField()
    message = models.TextField()
    subject = models.TextField()
    type = models.CharField(max_length=40, blank=True)
    scope = models.CharField(max_length=250, blank=True)
    is_breaking = models.BooleanField(default=False)
    is_merge = models.BooleanField(default=False)
    is_on_head = models.BooleanField(default=True)
    pull_request = models.PositiveIntegerField(null=True)

    objects = CommitQuerySet.as_manager()

    class Meta:
        ordering = ["-position"]
        constraints = [
            models.UniqueConstraint(fields=["project", "sha"], name="commit_once"),
            models.UniqueConstraint(fields=["project", "position"], name="commit_position_once"),
        ]
        indexes = [
            models.Index(fields=["release", "-position"], name="commit_by_release"),
            models.Index(
                fields=["project", "-position"],
                condition=models.Q(release=None, is_on_head=True),
                name="commit_unreleased",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sha[:7]} {self.subject}"
