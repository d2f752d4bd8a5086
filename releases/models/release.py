"""Releases: a version cut at one commit."""

from collections.abc import Collection
from typing import Any, ClassVar, Self

from django.db import models
from semver import Version

from agentmesh_release.core.refusals import Refused
from agentmesh_release.core.transitions import Stateful, from_to

from ..conventional import changelog, markdown
from ..conventional.versions import precedence_key
from .project import Project

LONGEST_TAG = 250
LONGEST_PRECEDENCE = 600


class ReleaseQuerySet(models.QuerySet["Release"]):
    def stable(self) -> Self:
        """Without pre-releases."""
        return self.filter(is_prerelease=False)

    def among(self, slugs: Collection[str] | None) -> Self:
        """Those of these projects; of all where there is None."""
        return self if slugs is None else self.filter(project__slug__in=slugs)


class Release(Stateful):
    """A version of a project, frozen at one commit with its changelog, and published at GitHub.

    `precedence` sorts as SemVer does (text, collation C); `previous` is what the changelog counts
    from. `changelog` is `conventional.changelog.as_json`. `cut_by` is empty for what was tagged
    elsewhere. `is_on_trunk` says that the default branch had its commit when it was last read.
    """

    class State(models.TextChoices):
        CUT = "cut", "Not published"
        PUBLISHING = "publishing", "Being published"
        PUBLISHED = "published", "Published"
        TAGGED = "tagged", "Tagged elsewhere"
        WITHDRAWN = "withdrawn", "Withdrawn"

    NOUN = "release"
    TRANSITIONS: ClassVar = {
        "publish": from_to({State.CUT}, State.PUBLISHING),
        "complete": from_to({State.PUBLISHING}, State.PUBLISHED),
        "fail": from_to({State.PUBLISHING}, State.CUT),
        "cancel": from_to({State.PUBLISHING}, State.CUT),
        "withdraw": from_to({State.CUT, State.PUBLISHED, State.TAGGED}, State.WITHDRAWN),
        "mark": from_to({State.WITHDRAWN}, State.WITHDRAWN),
    }

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="releases", db_index=False
    )
    version = models.CharField(max_length=LONGEST_TAG)
    precedence = models.CharField(max_length=LONGEST_PRECEDENCE, db_collation="C")
    is_prerelease = models.BooleanField(default=False)
    tag = models.CharField(max_length=LONGEST_TAG)
    commit_sha = models.CharField(max_length=64)
    is_on_trunk = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State)
    previous = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="followed_by"
    )
    bump = models.CharField(max_length=5, blank=True)
    changelog: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    commit_count = models.PositiveIntegerField(default=0)
    released_at = models.DateTimeField()
    cut_by = models.CharField(max_length=150, blank=True)
    withdrawn_by = models.CharField(max_length=150, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.TextField(blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-released_at"]
        constraints = [
            models.UniqueConstraint(fields=["project", "version"], name="release_version_once"),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["cut", "publishing", "published", "tagged", "withdrawn"]
                ),
                name="release_state_is_known",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "-id"], name="release_newest"),
            models.Index(fields=["project", "-precedence"], name="release_by_precedence"),
            models.Index(fields=["project", "-released_at"], name="release_by_time"),
            models.Index(fields=["-released_at"], name="release_latest"),
            models.Index(fields=["project", "commit_sha"], name="release_by_commit"),
            # What a person types is the start of a version, tag or commit.
            models.Index(
                fields=["version"], name="release_by_version", opclasses=["varchar_pattern_ops"]
            ),
            models.Index(fields=["tag"], name="release_by_tag", opclasses=["varchar_pattern_ops"]),
            models.Index(
                fields=["commit_sha"], name="release_by_sha", opclasses=["varchar_pattern_ops"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.tag}"

    @classmethod
    def fits(cls, tag: str, version: Version) -> bool:
        """Whether a version of that length, under that tag, can be kept."""
        return (
            len(tag) <= LONGEST_TAG
            and len(str(version)) <= LONGEST_TAG
            and len(precedence_key(version)) <= LONGEST_PRECEDENCE
        )

    def notes_markdown(self) -> str:
        """What its readers are told, as Markdown: what is published with it, and attached. What a
        person wrote stands in place of what was generated."""
        if not self.changelog:
            return ""
        told, links = (
            changelog.from_json(self.changelog),
            markdown.Links(self.project.repository_url),
        )
        edited = getattr(self, "edited_notes", None)
        text = edited.text if edited else markdown.body(told, links, folds=False)
        return f"{markdown.title(told, links)}\n\n{text}"

    @property
    def is_publishing(self) -> bool:
        return self.state == self.State.PUBLISHING

    @property
    def is_withdrawn(self) -> bool:
        return self.state == self.State.WITHDRAWN

    def refuse_withdrawn(self) -> None:
        """Raises Refused (`withdrawn`) for a release that was taken back."""
        if self.is_withdrawn:
            raise Refused(
                "withdrawn", f"{self} was withdrawn, so it cannot be promoted. Cut another."
            )

    @property
    def publishing_key(self) -> str:
        """What publishing it holds exclusively: one release of a project at a time."""
        return f"{self.project.slug}/releases"

    @property
    def audit_place(self) -> dict[str, str]:
        return {"label": str(self), "scope": self.project.slug}

    def topics(self) -> tuple[str, ...]:
        return (self.subject, f"project:{self.project.slug}", "overview")
