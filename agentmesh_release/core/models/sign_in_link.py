"""One-time links that sign a person in."""

from django.db import models
from django.db.models.functions import Now

from .user import User


class SignInLink(models.Model):
    """A link that works once until it expires; only its token's hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_links")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Sign-in link of {self.user}"
