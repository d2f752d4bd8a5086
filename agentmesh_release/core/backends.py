"""Loading the signed-in person together with their roles, in one query."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from .models.membership import Membership
from .models.user import User


class PeopleBackend(ModelBackend):
    """Django's own, but a person comes with `granted`: a list of `{scope, role}`."""

    def get_user(self, user_id: Any) -> User | None:
        granted = Membership.objects.filter(user=OuterRef("pk")).values(
            json=JSONObject(scope="scope", role="role")
        )
        user = User.objects.annotate(granted=ArraySubquery(granted)).filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
