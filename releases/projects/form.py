"""The form in which a project is set up and changed.

Beside each field the page keeps what it showed (`seen-…`), so that of two people who change a
project at once neither loses anything: only what somebody changed is stored, and only over what
they saw.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from ..history import folders
from ..models.project import Project
from . import secrets
from .fields import (
    SECRET,
    DomainField,
    IdField,
    OwnAddressField,
    PathField,
    PlainField,
    RefField,
    RepositoryField,
    SecretNameField,
)
from .sections import SECTIONS, Section

SEEN = "seen-"


class ProjectForm(forms.Form):
    """Fields are named as those of `Project`; `domain` is production's."""

    name = PlainField(
        max_length=120,
        label="Name",
        error_messages={"required": "Give it a name."},
        help_text="What pages call it.",
    )
    slug = PlainField(
        max_length=70,
        label="Short name",
        required=False,
        help_text="For addresses and the API, from the name if left empty. It stays as it is.",
    )
    repository = RepositoryField(
        max_length=200,
        label="Repository",
        error_messages={"required": "Releases come from a repository: enter it as owner/name."},
        help_text="At GitHub, as owner/name.",
    )
    default_branch = RefField(max_length=250, label="Branch", initial="main",
        error_messages={"required": "Enter the branch that is released from, such as main."},
        help_text="Trunk: what is merged there is released.",
    )  # fmt: skip
    folder = PlainField(
        max_length=folders.LONGEST,
        label="Folder",
        required=False,
        help_text="Where several projects come from one repository: packages/front. "
        "Only what changes there counts.",
    )
    tag_prefix = RefField(
        max_length=60,
        label="Tag prefix",
        required=False,
        help_text="What its tags have before the version: front- of front-v1.2.3.",
    )
    github_token_name = SecretNameField(secrets.GITHUB, label="Token", initial="GITHUB_TOKEN",
        error_messages={"required": "Name the variable that holds the token: GITHUB_TOKEN."},
        help_text="The name of its variable.",
    )  # fmt: skip
    migrations_path = PathField(
        max_length=200,
        label="Migrations",
        initial=Project.MIGRATIONS_PATH,
        error_messages={"required": "Enter where they would be: prisma/migrations."},
        help_text="The folder of the repository that they lie in.",
    )
    vercel_project_id = IdField(
        max_length=80,
        label="Project",
        required=False,
        help_text="Its id, prj_…, or its name.",
    )
    vercel_team_id = IdField(
        max_length=80,
        label="Team",
        required=False,
        help_text="The id of the team that owns it, team_…; none for a personal account.",
    )
    domain = DomainField(
        max_length=250,
        label="Production domain",
        required=False,
        help_text="What users type. That it shows the promoted build is confirmed here.",
    )
    vercel_token_name = SecretNameField(secrets.VERCEL, label="Token", initial="VERCEL_TOKEN",
        error_messages={"required": "Name the variable that holds the token: VERCEL_TOKEN."},
        help_text="The name of its variable.",
    )  # fmt: skip
    supabase_ref = PlainField(
        max_length=40,
        label="Project ref",
        required=False,
        help_text="Twenty letters, as in its dashboard's address.",
    )
    supabase_token_name = SecretNameField(
        secrets.SUPABASE,
        label="Token",
        initial="SUPABASE_ACCESS_TOKEN",
        error_messages={"required": "Name the variable of the token: SUPABASE_ACCESS_TOKEN."},
        help_text="The name of its variable. It is only asked to read.",
    )
    app_database_url_name = SecretNameField(
        secrets.APP_DATABASE,
        label="Address",
        required=False,
        help_text="The name of the variable that holds it, such as APP_DATABASE_URL.",
    )
    prometheus_url = OwnAddressField(
        max_length=200,
        label="Address",
        required=False,
        help_text="Where /api/v1/query answers, without that path.",
    )
    prometheus_job = PlainField(
        max_length=120,
        label="Job",
        required=False,
        help_text="The label job of its metrics.",
    )
    prometheus_token_name = SecretNameField(
        secrets.PROMETHEUS,
        label="Token",
        required=False,
        help_text="The name of its variable, if a proxy in front asks for one.",
    )
    approvals_required = forms.IntegerField(
        min_value=1, max_value=20, label="Approvals", initial=1,
        help_text="How many people beside the requester have to approve a promotion.",
    )  # fmt: skip
    watch_s = forms.IntegerField(
        min_value=10, max_value=86_400, label="Watch, in seconds", initial=900,
        help_text="How long production is watched after a promotion before it counts as done.",
    )  # fmt: skip

    def __init__(self, data: QueryDict | None = None, *, project: Project | None = None) -> None:
        self.project = project
        present = values_of(project) if project else {}
        super().__init__(data, initial=present or None)
        self._present: Mapping[str, Any] = present
        self._renewed: dict[str, Any] = {}
        if project:
            del self.fields["slug"]
            if project.trunk_sha:
                self.fields["folder"].disabled = True
                self.fields["folder"].help_text = "It stays, since the history was read by it."

    @property
    def sections(self) -> Iterator[tuple[Section, list[BoundField]]]:
        """The form as the page shows it."""
        for section in SECTIONS:
            yield section, [self[name] for name in section.fields if name in self.fields]

    @property
    def seen(self) -> list[tuple[str, Any]]:
        """What the page showed, to be sent back with what is typed."""
        if not self.project:
            return []
        return [(SEEN + name, self._seen(name)) for name in self.fields]

    def _seen(self, name: str) -> Any:
        if name in self._renewed:
            return self._renewed[name]
        sent = self.data.get(SEEN + name) if self.is_bound else None
        return self._present[name] if sent is None else sent

    def see(self, present: Mapping[str, Any]) -> None:
        """Count these values, which somebody else has put there, as seen from now on."""
        self._renewed.update(present)

    def clean_folder(self) -> str:
        try:
            return folders.tidy(self.cleaned_data["folder"])
        except folders.BadFolder as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._forget_secrets()
        if not self.project and not cleaned.get("tag_prefix") and cleaned.get("folder"):
            cleaned["tag_prefix"] = folders.usual_prefix(cleaned["folder"])
        return cleaned

    def _forget_secrets(self) -> None:
        """What may be a secret is not sent back to the page."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        for name, errors in self.errors.as_data().items():
            if any(error.code == SECRET for error in errors):
                data[name] = ""
        self.data = data

    def changes(self) -> "dict[str, Change]":
        """What the person changed, of a valid form; what they left as they saw it is not in it."""
        found = {
            name: Change(str(self._seen(name)), value) for name, value in self.cleaned_data.items()
        }
        return {name: change for name, change in found.items() if change.seen != str(change.new)}

    def unsaved(self) -> tuple[Project, str]:
        """The project as typed, as far as it is right, and its domain: for testing connections."""
        values = {**self._present, **getattr(self, "cleaned_data", {})}
        domain = values.pop("domain", "")
        slug = self.project.slug if self.project else values.pop("slug", "") or "new"
        return Project(**{**values, "slug": slug}), domain


@dataclass(frozen=True)
class Change:
    """From what the page showed to what is wanted."""

    seen: str
    new: Any


def values_of(project: Project) -> dict[str, Any]:
    """What the form shows of a stored project."""
    names = [name for name in ProjectForm.base_fields if name not in ("slug", "domain")]
    domain = project.environments.filter(kind="production").values_list("domain", flat=True).first()
    return {**{name: getattr(project, name) for name in names}, "domain": domain or ""}
