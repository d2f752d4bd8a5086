"""Projects: what is released, and where its providers know it."""

from typing import Any, Self

from django.db import models
from django.db.models.functions import Now

from agentmesh_release.core.connections import (
    app_database,
    github,
    github_page,
    prometheus,
    supabase,
    vercel,
)
from agentmesh_release.core.refusals import Refused
from agentmesh_release.providers.appdb import AppDatabase
from agentmesh_release.providers.github import GitHub
from agentmesh_release.providers.prometheus import Prometheus
from agentmesh_release.providers.supabase import Supabase
from agentmesh_release.providers.vercel import Vercel

from ..conventional import written_policy
from ..conventional.policy import Policy


class ProjectQuerySet(models.QuerySet["Project"]):
    def active(self) -> Self:
        """Those that are worked on: not archived."""
        return self.filter(archived_at=None)


class Project(models.Model):
    """One thing with versions of its own. Secrets are named here, never kept.

    `folder` is what it is made of where several come from one repository (empty: all of it); it
    does not change once the history was read. `versioning` is `written_policy.as_json`, or what of
    it is not as the seed has it. `trunk_sha` is the head of the default branch as last read, empty
    without commits. `warned` holds sentences about what was left out, by where they come from.
    `rehearsed` is what the gates said of the newest commit (`Checklist.as_json`), for pages.
    `reports_back` says that GitHub is told how its pull requests stand to the trunk rules.
    An archived one is not read from its providers, and nothing new goes out from it.
    """

    class Cuts(models.TextChoices):
        BY_HAND = "by-hand", "By hand"
        AFTER_MERGE = "after-merge", "After a merge"

    MIGRATIONS_PATH = "prisma/migrations"

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    path = models.TextField(blank=True, help_text="The local clone that it was imported from.")
    repository = models.CharField(max_length=200, help_text="owner/name at GitHub.")
    default_branch = models.CharField(max_length=250, default="main")
    folder = models.CharField(max_length=200, blank=True)
    tag_prefix = models.CharField(max_length=60, blank=True)
    versioning: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(
        default=dict, blank=True
    )
    reports_back = models.BooleanField(default=False)
    cuts = models.CharField(max_length=11, choices=Cuts, default=Cuts.BY_HAND)
    github_token_name = models.CharField(max_length=60, default="GITHUB_TOKEN")
    vercel_project_id = models.CharField(max_length=80, blank=True)
    vercel_team_id = models.CharField(max_length=80, blank=True)
    vercel_token_name = models.CharField(max_length=60, default="VERCEL_TOKEN")
    supabase_ref = models.CharField(max_length=40, blank=True)
    supabase_token_name = models.CharField(max_length=60, default="SUPABASE_ACCESS_TOKEN")
    prometheus_url = models.URLField(blank=True)
    prometheus_token_name = models.CharField(max_length=60, blank=True)
    prometheus_job = models.CharField(max_length=120, blank=True)
    app_database_url_name = models.CharField(max_length=60, blank=True)
    migrations_path = models.CharField(max_length=200, default=MIGRATIONS_PATH)
    approvals_required = models.PositiveSmallIntegerField(default=1)
    watch_s = models.PositiveIntegerField(default=900, help_text="Length of the watch, seconds.")
    trunk_sha = models.CharField(max_length=64, blank=True)
    warned: "models.JSONField[dict[str, list[str]], dict[str, list[str]]]" = models.JSONField(
        default=dict
    )
    rehearsed: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())
    archived_at = models.DateTimeField(null=True)
    archived_by = models.CharField(max_length=150, blank=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approvals_required__gte=1), name="project_asks_for_approval"
            ),
            models.CheckConstraint(
                condition=models.Q(cuts__in=["by-hand", "after-merge"]), name="project_cuts_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    def refuse_archived(self) -> None:
        """Raises Refused (`archived`) for a project that is not worked on any more."""
        if self.is_archived:
            raise Refused(
                "archived",
                f"{self} is archived, so nothing new goes out from it. "
                "An admin can restore it in its settings.",
            )

    @property
    def repository_url(self) -> str:
        return github_page(self.repository)

    @property
    def policy(self) -> Policy:
        """Which types its commits have, and what they do to versions and changelogs."""
        return written_policy.from_json(self.versioning)

    @property
    def warnings(self) -> list[str]:
        """What a person should know of its history, in sentences."""
        return [sentence for source in sorted(self.warned) for sentence in self.warned[source]]

    def github(self) -> GitHub:
        """Raises ProviderError when it is not configured; so do the other clients."""
        return github(self.github_token_name, self.repository)

    def vercel(self) -> Vercel:
        return vercel(self.vercel_token_name, self.vercel_team_id)

    def supabase(self) -> Supabase:
        return supabase(self.supabase_token_name)

    def prometheus(self) -> Prometheus:
        return prometheus(self.prometheus_url, self.prometheus_token_name)

    def app_database(self) -> AppDatabase:
        return app_database(self.app_database_url_name)
