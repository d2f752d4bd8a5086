"""What a person wrote in place of a generated changelog."""

from django.db import models

from .project import Project
from .release import Release


class EditedNotes(models.Model):
    """The text of one release, or of the project's draft until it is cut.

    `generated` is the generated text (Markdown, without title and links) that the writer had before
    them; where that is no longer what is generated, somebody has to look.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="edited_notes")
    release = models.OneToOneField(
        Release, null=True, on_delete=models.CASCADE, related_name="edited_notes"
    )
    text = models.TextField()
    generated = models.TextField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"],
                condition=models.Q(release=None),
                name="edited_notes_one_draft",
            )
        ]

    def __str__(self) -> str:
        return f"Notes of {self.release or self.project}"
