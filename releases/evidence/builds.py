"""What Vercel has built, and what its production domain shows."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from agentmesh_release.core import operations
from agentmesh_release.core.leases import clock
from agentmesh_release.core.models import Operation
from agentmesh_release.providers import vercel
from agentmesh_release.providers.errors import ProviderError

from ..models.activation import Activation
from ..models.deployment import Deployment
from ..models.environment import Environment
from ..models.project import Project
from ..production import going_live
from ..production.left_open import left_open

NEWEST = 60
LONGEST_BRANCH = 250


@dataclass(frozen=True)
class Live:
    """What the production domain shows: Vercel's build id and its commit (empty if unknown)."""

    vercel_id: str
    sha: str


def read(project: Project, now: datetime) -> None:
    """Read the newest builds, the bypass, and what is live. Raises ProviderError."""
    client = project.vercel()
    production = project.environments.get(kind=Environment.Kind.PRODUCTION)
    seen = client.project(project.vercel_project_id)
    Environment.objects.filter(pk=production.pk).update(
        assigns_by_itself=seen.auto_assign_custom_domains, assignment_read_at=now
    )
    store(
        project,
        islice(client.deployments(project.vercel_project_id, page_size=NEWEST), NEWEST),
        now,
    )
    began = clock()
    notice(production, what_is_live(production, client), began)


def store(project: Project, builds: "islice[vercel.Deployment]", now: datetime) -> None:
    """Insert or refresh these builds."""
    Deployment.objects.bulk_create(
        [_row(project, build, now) for build in builds],
        update_conflicts=True,
        unique_fields=["project", "vercel_id"],
        update_fields=[
            "url",
            "inspector_url",
            "target",
            "sha",
            "branch",
            "pull_request",
            "state",
            "substate",
            "error",
            "ready_at",
            "read_at",
        ],
    )


def what_is_live(production: Environment, client: vercel.Vercel) -> Live | None:
    """Ask Vercel which build the production domain shows. Raises ProviderError."""
    try:
        alias = client.alias(production.domain, production.project.vercel_project_id)
    except ProviderError as error:
        if error.status == 404:
            return None
        raise
    if alias.deployment_id is None:
        return None
    build = client.deployment(alias.deployment_id)
    return Live(build.id, build.sha or "")


def notice(production: Environment, shown: Live | None, read_at: datetime) -> None:
    """Record a change of production that none of our operations explains.

    `read_at` is from before the reading, by the database's clock: what an operation of ours did
    since then is its own.
    """
    if shown is None:
        return
    with operations.environment_lock(production.key):
        if _ours_since(production, read_at):
            return
        present = Activation.objects.live().filter(environment=production).first()
        if present is None:
            going_live.record(
                production,
                vercel_id=shown.vercel_id,
                sha=shown.sha,
                origin=Activation.Origin.FOUND,
                by="system:import",
                now=read_at,
            )
        elif present.vercel_id != shown.vercel_id:
            _record_change(production, shown, present, read_at)


def _record_change(
    production: Environment, shown: Live, present: Activation, read_at: datetime
) -> None:
    asked = left_open(production, present.since)
    if asked and asked.plan["build"] == shown.vercel_id:
        going_live.record_late(production, asked, now=read_at)
    else:
        going_live.record_outside(production, vercel_id=shown.vercel_id, sha=shown.sha, now=read_at)


def _ours_since(production: Environment, read_at: datetime) -> bool:
    """Whether an operation of ours runs there, or ended after the reading began."""
    ours = Operation.objects.filter(environment=production.key)
    return (
        ours.filter(state__in=Operation.ACTIVE).exists()
        or ours.filter(ended_at__gte=read_at).exists()
    )


def _pull_request(said: str) -> int | None:
    """The number in a build's metadata, which whoever deploys can write as they like."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else None


def _row(project: Project, build: vercel.Deployment, now: datetime) -> Deployment:
    return Deployment(
        project=project,
        vercel_id=build.id,
        url=build.url,
        inspector_url=build.inspector_url or "",
        target=build.target or "",
        sha=build.sha or "",
        branch=(build.branch or "")[:LONGEST_BRANCH],
        pull_request=_pull_request(str(build.meta.get("githubPrId", ""))),
        state=build.state,
        substate=build.substate or "",
        error=build.error or "",
        created_at=build.created_at,
        ready_at=build.ready_at,
        read_at=now,
    )
