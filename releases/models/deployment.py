"""Deployments: builds at Vercel."""

from typing import Self

from django.db import models

from agentmesh_release.core.world import is_demo

from .project import Project


class DeploymentQuerySet(models.QuerySet["Deployment"]):
    def for_production(self) -> Self:
        """Built with production's variables: what can be promoted as it is."""
        return self.filter(target="production")

    def ready(self) -> Self:
        return self.filter(state="READY")

    def rollback_candidates(self) -> Self:
        """Ready builds that have had production traffic (Vercel accepts no others)."""
        return self.for_production().ready().filter(substate="PROMOTED")


class Deployment(models.Model):
    """A build as Vercel last showed it; `state` and `substate` are Vercel's own words."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="deployments")
    vercel_id = models.CharField(max_length=80)
    url = models.CharField(max_length=300, blank=True)
    inspector_url = models.CharField(max_length=500, blank=True)
    target = models.CharField(max_length=20, blank=True, help_text="Empty is a preview.")
    sha = models.CharField(max_length=64, blank=True)
    branch = models.CharField(max_length=250, blank=True)
    pull_request = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=20)
    substate = models.CharField(max_length=20, blank=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField()

    objects = DeploymentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["project", "vercel_id"], name="deployment_once")
        ]
        indexes = [
            models.Index(fields=["project", "sha"], name="deployment_by_sha"),
            models.Index(fields=["project", "-created_at"], name="deployment_by_time"),
        ]

    def __str__(self) -> str:
        return self.vercel_id

    @property
    def can_be_rolled_back_to(self) -> bool:
        """Whether it is among the `rollback_candidates`."""
        return self.target == "production" and self.is_ready and self.substate == "PROMOTED"

    @property
    def address(self) -> str:
        """Where a person opens it; in the demo world, whose builds serve nothing, its build."""
        if is_demo():
            return self.inspector_url
        return f"https://{self.url}" if self.url else ""

    @property
    def is_ready(self) -> bool:
        return self.state == "READY"

    @property
    def is_building(self) -> bool:
        return self.state in ("QUEUED", "INITIALIZING", "BUILDING")
