"""What people type on the pages of the switches."""

from typing import Self

from django import forms

from .models.switch import LONGEST_REASON, Switch


class FlipForm(forms.Form):
    """Why a switch is flipped; turning on again may ask for a tick."""

    reason = forms.CharField(
        max_length=LONGEST_REASON,
        error_messages={
            "required": "Say why in a few words: it goes into the audit log.",
            "max_length": f"Say it in {LONGEST_REASON} characters.",
        },
        widget=forms.TextInput(
            attrs={"autofocus": True, "enterkeyhint": "send", "autocomplete": "off"}
        ),
        help_text="Goes into the audit log, and onto the timeline of an open incident.",
    )
    mended = forms.BooleanField(required=False)

    def __init__(self, *args: object, switch: Switch, to: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        tick = switch.wording.tick if to == "on" else ""
        if tick:
            self.fields["mended"].required = True
            self.fields["mended"].label = tick
            self.fields["mended"].error_messages["required"] = "Tick this first: it is the policy."
        else:
            del self.fields["mended"]


class MessageForm(forms.Form):
    """What visitors are told while the product is down for maintenance."""

    heading = forms.CharField(
        max_length=120,
        label="Heading",
        error_messages={"required": "Visitors need a heading."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    message = forms.CharField(
        max_length=1000,
        label="Message",
        error_messages={"required": "Visitors need a message: what is up, and until when."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    link = forms.URLField(
        max_length=300,
        label="Link",
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "Write a whole address, such as https://status.example.com."},
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    seen = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def read_only(self) -> Self:
        """The same for somebody who may not save it."""
        for field in self.fields.values():
            field.widget.attrs["readonly"] = True
        return self
