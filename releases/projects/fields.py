"""The fields in which a project is set up: each takes what people paste, and says what will do."""

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from agentmesh_release.providers.addresses import AddressGuard
from agentmesh_release.providers.errors import ProviderError

from .secrets import KEPT_NOT, SecretName, looks_secret

SECRET = "secret"  # the code of errors on what must not be shown again
_PLAIN = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
_REPOSITORY = re.compile(r"(?!\.{1,2}/)[A-Za-z0-9_.-]+/(?!\.{1,2}$)[A-Za-z0-9_.-]+")
_AT_GITHUB = re.compile(r"(?:https?://[^/\s]+/|git@[^:/\s]+:)(.+?)(?:\.git)?/?")
# https://git-scm.com/docs/git-check-ref-format
_REF = re.compile(r"(?!/|-|.*(?:\.\.|@\{|//|\.lock$|/$|\.$))[^\x00-\x20~^:?*\[\\\x7f]+")
_ID = re.compile(r"[A-Za-z0-9._-]+")
_HOST = re.compile(r"(?=.{1,250}$)(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


# Line breaks and the like, and what turns the direction of the text that follows on a page.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class PlainField(forms.CharField):
    """One line that is taken as it is typed; what looks like a secret is refused and forgotten."""

    pattern: re.Pattern[str] | None = None
    sentence = ""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs=_PLAIN))
        super().__init__(**options)

    def clean(self, value: Any) -> Any:
        if isinstance(value, str) and looks_secret(value):
            raise ValidationError(
                f"This looks like a secret, which is never typed in here. {KEPT_NOT}", code=SECRET
            )
        return super().clean(self.tidied(value) if isinstance(value, str) else value)

    def tidied(self, value: str) -> str:
        """What was meant by what was pasted."""
        return value.strip()

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and _UNSEEN.search(value):
            raise ValidationError("It holds a character that nobody sees: type it anew.")
        if value and self.pattern and not self.pattern.fullmatch(value):
            raise ValidationError(self.sentence, code="invalid")


class RepositoryField(PlainField):
    pattern = _REPOSITORY
    sentence = "Enter it as owner/name."

    def tidied(self, value: str) -> str:
        """An address that was copied from the browser or for `git clone` will do."""
        pasted = _AT_GITHUB.fullmatch(value.strip())
        return pasted[1] if pasted else value.strip()


class RefField(PlainField):
    pattern = _REF
    sentence = "Git does not take this in a name: no spaces, no two dots, none of ~^:?*[\\."


class PathField(PlainField):
    def tidied(self, value: str) -> str:
        return value.strip().strip("/")

    def validate(self, value: Any) -> None:
        super().validate(value)
        if {".", "..", ""} & set(value.split("/")) and value:
            raise ValidationError("Enter a path inside the repository, without dots.")


class IdField(PlainField):
    pattern = _ID
    sentence = "Only letters, digits, dots, dashes and underscores."


class DomainField(PlainField):
    pattern = _HOST
    sentence = "Enter what users type, such as api.example.com, without https:// and path."

    def tidied(self, value: str) -> str:
        host = value.strip().lower()
        return (urlsplit(host).hostname or host) if "://" in host else host.rstrip("/.")


class SecretNameField(PlainField):
    """The name of a secret; anything else is refused and not shown again."""

    def __init__(self, kind: SecretName, **options: Any) -> None:
        self.kind = kind
        super().__init__(max_length=60, **options)

    def clean(self, value: Any) -> Any:
        name = str(value or "").strip()
        if name and (sentence := self.kind.wrong(name)):
            raise ValidationError(sentence, code=SECRET)
        return forms.CharField.clean(self, name)


class OwnAddressField(PlainField):
    """The address of a service of one's own: public over https, or allow-listed by the operator.

    Names are resolved when it is asked, and held against the same rule then.
    """

    def tidied(self, value: str) -> str:
        return value.strip().rstrip("/")

    def validate(self, value: Any) -> None:
        super().validate(value)
        if not value:
            return
        try:
            AddressGuard.of(value, settings.ALLOWED_PRIVATE_ADDRESSES).check_own(value)
        except ProviderError as error:
            raise ValidationError(str(error)) from None
