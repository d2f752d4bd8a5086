"""Public changelogs: which projects show theirs to everybody."""

from django.db import models

from .project import Project


class PublicChangelog(models.Model):
    """The project's published releases may be read without signing in, for as long as this stands.

    `has_links` allows links to the repository, which may be private; `has_prereleases` shows
    pre-releases too.
    """

    project = models.OneToOneField(
        Project, on_delete=models.CASCADE, related_name="public_changelog"
    )
    has_links = models.BooleanField(default=False)
    has_prereleases = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["project"]

    def __str__(self) -> str:
        return f"Public changelog of {self.project}"
