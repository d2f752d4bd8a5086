"""Withdrawing a release: GitHub's is marked so that its readers see it; the tag stays."""

from agentmesh_release.core import live
from agentmesh_release.core.models import Operation
from agentmesh_release.core.operations import Done, OperationKind, Outcome, StepContext, StepKind
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.github import Release as Found

from ..models.release import Release
from ..publication import announcing, publishing


def mark(context: StepContext) -> Outcome:
    """Put word of it on top of GitHub's release, and remove drafts of ours, which nobody saw."""
    release = publishing.release_of(context.operation)
    there = release.project.github().releases.find(release.project.repository, release.tag)
    shown = [found for found in there if not found.draft]
    for found in there:
        if found.draft and announcing.is_ours(found, release):
            _remove(context, release, found)
    if not shown:
        return Done("GitHub shows no release of it, so there is nothing to mark.")
    for found in shown:
        _mark(context, release, found)
    return Done(f"GitHub shows that {release.tag} was withdrawn.", release.tag)


def _remove(context: StepContext, release: Release, draft: Found) -> None:
    with context.acting():
        release.project.github().releases.delete(release.project.repository, draft.id)
    context.note("GitHub: draft removed")


def _mark(context: StepContext, release: Release, found: Found) -> None:
    new = announcing.withdrawn(found, release)
    if new is None:
        return
    client, repository = release.project.github(), release.project.repository
    with context.acting():
        client.releases.edit(repository, found.id, new)
    confirmed = client.releases.get(repository, found.id)
    if confirmed is None or announcing.withdrawn(confirmed, release):
        raise ProviderError(f"GitHub does not show the withdrawal of {release.tag} yet.")
    context.note("GitHub: release marked as withdrawn")


def ended(operation: Operation) -> None:
    """The release is withdrawn, whatever became of the mark; the page says which."""
    live.stale(*publishing.release_of(operation).topics())


RELEASE_WITHDRAWAL = OperationKind(
    publishing.WITHDRAWAL, steps=(StepKind("mark", "Mark at GitHub", mark),), ended=ended
)
