"""Publishing a release: validate → tag → draft → files → publish.

Readers see it with the last step, and then with all its files.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.utils import timezone

from agentmesh_release.core import operations
from agentmesh_release.core.gates import Checklist
from agentmesh_release.core.operations import (
    Done,
    Failed,
    OperationKind,
    Outcome,
    StepContext,
    StepKind,
    Wait,
)
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.github import Release as Found

from ..drafting import validation
from ..models.publication import Publication
from ..models.release import Release
from ..production import checklists
from ..publication import announcing, attachments, manifest, publishing
from .release_files import Wrong, attach, wanted

LOOK_AGAIN = timedelta(seconds=5)
NOW = timedelta(0)


def validate(context: StepContext) -> Outcome:
    """Ask the gates of cutting again, on evidence read just now, and freeze what it is made of."""
    release = publishing.release_of(context.operation)
    checklists.gather(release)
    checklist = validation.validate(validation.Candidate.of(release), timezone.now())
    publication = Publication.objects.get(release=release)
    # What is frozen stays: a file of an earlier attempt may be at GitHub by now.
    facts = publication.manifest or manifest.gather(release, attachments.of(release))
    _freeze(context, release, checklist, facts)
    if checklist.is_clear:
        return Done(f"{len(checklist)} gates clear")
    if all(item.state == "pending" for item in checklist.blockers):
        return Wait(LOOK_AGAIN, checklist.refusal)
    return Failed(checklist.refusal)


def _freeze(
    context: StepContext, release: Release, checklist: Checklist, facts: dict[str, object]
) -> None:
    with operations.environment_lock(context.operation.environment):
        context.locked()
        Publication.objects.filter(release=release).update(
            validation=checklist.as_json(), manifest=facts
        )


def tag(context: StepContext) -> Outcome:
    """Tag the commit, unless it is tagged so. A tag on another commit is a definite no.

    A plain tag: one call that happens or does not, with nothing in between.
    """
    release = publishing.release_of(context.operation)
    client, repository = release.project.github(), release.project.repository
    if client.tags.commit_of(repository, release.tag) == release.commit_sha:
        context.note(f"{release.tag} is at {release.commit_sha[:7]} already.")
    else:
        with context.acting():
            client.tags.ensure(repository, release.tag, release.commit_sha)
        context.note(f"GitHub: {release.tag} at {release.commit_sha[:7]}")
    return Done(f"{release.tag} at {release.commit_sha[:7]}", release.tag)


def draft(context: StepContext) -> Outcome:
    """Draft the release, which readers do not see, or adopt the one that is there.

    A published one that is neither ours nor the same is a definite no.
    """
    release = publishing.release_of(context.operation)
    found = _look(release)
    if isinstance(found, Failed):
        return found
    if found is None:
        found = _make(context, release)
        context.note("GitHub: release drafted")
    else:
        context.note("GitHub has that release already; it is adopted.")
    return Done("adopted" if not found.draft else "drafted", str(found.id))


def _look(release: Release) -> Found | Failed | None:
    """The release at GitHub that is to be this one, if there is any.

    Drafts of others are left alone: no reader sees them, and they may have text that is needed.
    """
    new = announcing.announcement(release)
    there = release.project.github().releases.find(release.project.repository, release.tag)
    for found in there:
        if found.draft or announcing.is_ours(found, release):
            continue
        if differ := announcing.differences(found, new):
            return Failed(
                f"GitHub has a release of {release.tag} that somebody else published. "
                f"It differs in {' and '.join(differ)}, so it is left as it is. "
                "Make it the same or delete it, then try again."
            )
        return found
    mine = [found for found in there if announcing.is_ours(found, release)]
    return min(mine, key=lambda found: (found.draft, found.id), default=None)


def _make(context: StepContext, release: Release) -> Found:
    client, new = release.project.github(), announcing.announcement(release)
    with context.acting(), _looking_again():
        return client.releases.draft(release.project.repository, new)


@contextmanager
def _looking_again() -> Iterator[None]:
    """A refusal because something is there already asks for another look, not for an end."""
    try:
        yield
    except ProviderError as error:
        if error.status != 422:
            raise
        raise ProviderError(str(error)) from None


def files(context: StepContext) -> Outcome:
    """Attach what is missing, a few at a time."""
    release = publishing.release_of(context.operation)
    found = _release(context, release)
    if found is None:
        return Failed("The release has gone from GitHub meanwhile. Try again.")
    needed = wanted(release)
    try:
        missing = attach(context, release, found, needed)
    except Wrong as wrong:
        return Failed(str(wrong))
    if missing:
        return Wait(NOW, f"{len(needed) - missing} of {len(needed)} files")
    return Done(f"{len(needed)} files")


def publish(context: StepContext) -> Outcome:
    """Let readers see it, read it back, and keep where it is."""
    release = publishing.release_of(context.operation)
    found = _release(context, release)
    if found is None:
        return Failed("The release has gone from GitHub meanwhile. Try again.")
    shown = _shown(release)
    if shown and shown.id != found.id:
        return Failed(f"GitHub shows another release of {release.tag}. Look there, then try again.")
    _publish(context, release, found)
    shown = _shown(release)
    if shown is None or shown.id != found.id:
        raise ProviderError(f"GitHub does not show the release {release.tag} yet.")
    _tidy(context, release, shown)
    _record(context, release, shown)
    return Done(f"{release.tag} is published at GitHub with its files.", shown.tag)


def _shown(release: Release) -> Found | None:
    """What readers find under the tag."""
    return release.project.github().releases.by_tag(release.project.repository, release.tag)


def _publish(context: StepContext, release: Release, found: Found) -> None:
    new = announcing.announcement(release)
    is_ours = announcing.is_ours(found, release)
    if is_ours and (found.draft or found.body != new.body or found.name != new.name):
        client = release.project.github()
        with context.acting(), _looking_again():
            client.releases.edit(release.project.repository, found.id, new)
        context.note("GitHub: release published")


def _tidy(context: StepContext, release: Release, shown: Found) -> None:
    """Remove drafts of ours that an answer that got lost has left behind."""
    client, repository = release.project.github(), release.project.repository
    for found in client.releases.find(repository, release.tag):
        if found.draft and found.id != shown.id and announcing.is_ours(found, release):
            with context.acting():
                client.releases.delete(repository, found.id)
            context.note("GitHub: a second draft removed")


def _record(context: StepContext, release: Release, shown: Found) -> None:
    with operations.environment_lock(context.operation.environment):
        context.locked()
        Publication.objects.filter(release=release).update(
            page_url=_address(shown.html_url),
            published_at=shown.published_at or context.now(),
            files=[
                {
                    "name": asset.name,
                    "size": asset.size,
                    "digest": asset.digest.removeprefix("sha256:"),
                    "url": _address(asset.url),
                }
                for asset in shown.assets
            ],
        )


def _address(url: str) -> str:
    """The address, if it is one that a page may link to."""
    return url if url.startswith(("https://", "http://")) and len(url) <= 500 else ""


def _release(context: StepContext, release: Release) -> Found | None:
    """The release that the draft step has found or made."""
    drafted = context.operation.steps.get(name="draft")
    client = release.project.github()
    return client.releases.get(release.project.repository, int(drafted.reference))


PUBLICATION = OperationKind(
    publishing.PUBLICATION,
    steps=(
        StepKind("validate", "Validate", validate),
        StepKind("tag", "Tag", tag),
        StepKind("draft", "Draft", draft),
        StepKind("files", "Attach files", files),
        StepKind("publish", "Publish", publish),
    ),
    ended=publishing.follow,
)
