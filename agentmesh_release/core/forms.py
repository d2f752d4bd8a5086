"""What people type on the settings pages."""

from datetime import datetime, timedelta
from typing import Any

from django import forms

from .models.api_token import LONGEST_NAME
from .models.user import User
from .registries import known_scopes
from .rights import rights
from .tokens import Wish

LIVES = ((7, "7 days"), (30, "30 days"), (90, "90 days"), (180, "180 days"), (365, "A year"))


class TokenForm(forms.Form):
    """What a new API token is called, what it may do where, and until when."""

    name = forms.CharField(
        max_length=LONGEST_NAME,
        label="Name",
        error_messages={"required": "Give it a name, so that you recognise it later."},
        help_text="What uses it, for example: CI of front.",
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )
    scope = forms.ChoiceField(
        required=False,
        label="Project",
        error_messages={"invalid_choice": "There is no such project."},
    )
    rights = forms.MultipleChoiceField(
        error_messages={
            "required": "Choose at least one thing that it may do.",
            "invalid_choice": "There is no right %(value)s.",
        }
    )
    days = forms.TypedChoiceField(
        choices=LIVES,
        coerce=int,
        initial=90,
        label="Ends after",
        error_messages={"invalid_choice": "A token ends within a year."},
    )

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices("scope", [("", f"All of {owner.name}'s projects"), *known_scopes()])
        self._choices("rights", [(right.name, right.act) for right in rights])

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = choices

    def wish(self, now: datetime) -> Wish:
        """What a valid form asks for."""
        told = self.cleaned_data
        return Wish(
            name=told["name"],
            scope=told["scope"],
            rights=tuple(told["rights"]),
            expires_at=now + timedelta(days=told["days"]),
        )
