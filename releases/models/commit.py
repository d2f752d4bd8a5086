"""Commits of a project's repository."""

from itertools import chain
from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Left, Lower

from agentmesh_release.core.words import READ_CHARACTERS, Words, chunks_of, patterns_of, query_of

from .project import Project
from .release import Release


class _Unindexed(models.Func):
    """The same text, of which the planner finds no index."""

    template = "(%(expressions)s || '')"
    output_field = models.TextField()


class CommitQuerySet(models.QuerySet["Commit"]):
    def unreleased(self) -> Self:
        """On the default branch, and in no stable release yet: what the next version brings."""
        return self.filter(stable_release=None, is_on_head=True)

    def told_by(self, release: Release) -> Self:
        """What the changelog of that release tells: since the stable one before, or, of a
        pre-release, what it added."""
        if release.is_prerelease:
            return self.filter(release=release)
        return self.filter(stable_release=release)

    def saying(self, text: str, *, unaided: bool = False) -> Self:
        """Whose message has all the words of the text; none where the text has no word.

        `unaided` reads messages, not the index: right where few commits are left to be read.
        """
        return self._with("message", text, unaided)

    def by_author(self, name: str, *, unaided: bool = False) -> Self:
        """Whose author's name has all these words."""
        return self._with("author_name", name, unaided)

    def _with(self, column: str, text: str, unaided: bool) -> Self:
        query = query_of(text)
        if query is None:
            return self.none()
        if not unaided:
            return self.alias(words=Words(column)).filter(words=query)
        # Most texts lack the letters, or have the words plainly: both are seen much sooner.
        letters = [
            models.Q(lower__contains=Lower(models.Value(word)))
            for word in chain.from_iterable(chunks_of(text))
        ]
        plainly = [models.Q(lower__regex=pattern) for pattern in patterns_of(text)]
        holds = models.Q(words=query)
        if plainly:
            holds = models.Q(*plainly) | holds
        folded = self.alias(
            lower=Lower(Left(column, READ_CHARACTERS)), words=Words(_Unindexed(column))
        )
        return folded.filter(*letters, holds)

    def enter(self, release: Release) -> None:
        """Put those of them into that release that no earlier one has."""
        self.filter(release=None).update(release=release)
        if not release.is_prerelease:
            self.filter(stable_release=None).update(stable_release=release)


class Commit(models.Model):
    """One commit; `position` grows towards the newest, and no commit is above a child of it.

    `release` is the first that has it, `stable_release` the first that is no pre-release. `type` is
    empty when the message does not follow Conventional Commits.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="commits")
    release = models.ForeignKey(
        Release, null=True, on_delete=models.SET_NULL, related_name="commits", db_index=False
    )
    stable_release = models.ForeignKey(
        Release, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
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
            models.Index(fields=["stable_release", "-position"], name="commit_by_stable_release"),
            models.Index(
                fields=["project", "-position"],
                condition=models.Q(stable_release=None, is_on_head=True),
                name="commit_unreleased",
            ),
            GinIndex(Words("message"), name="commit_words"),
            GinIndex(Words("author_name"), name="commit_author_words"),
            models.Index(fields=["type", "stable_release", "release"], name="commit_by_type"),
            models.Index(
                fields=["stable_release", "release"],
                condition=models.Q(is_breaking=True),
                name="commit_breaking",
            ),
            models.Index(fields=["sha"], name="commit_by_sha", opclasses=["varchar_pattern_ops"]),
            models.Index(
                fields=["pull_request"],
                condition=models.Q(pull_request__isnull=False),
                name="commit_by_pull_request",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sha[:7]} {self.subject}"
