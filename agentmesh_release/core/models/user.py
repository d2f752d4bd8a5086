"""People."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person who can sign in; pages call people by their first name."""

    email = models.EmailField("email address", blank=True)

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("username"), name="user_username_once_whatever_its_case"
            )
        ]

    @property
    def name(self) -> str:
        return self.first_name or self.username

    def __str__(self) -> str:
        return self.name
