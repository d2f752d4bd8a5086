"""Loading the signed-in person together with their roles, in one query."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from .models.membership import roles_granted
from .models.user import User


class PeopleBackend(ModelBackend):
    """Django's own, but a person comes with `granted`: a list of `{scope, role}`."""

    def get_user(self, user_id: Any) -> User | None:
        user = User.objects.annotate(granted=roles_granted("pk")).filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
