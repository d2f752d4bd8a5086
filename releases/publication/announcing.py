"""What a release says at GitHub, and whether one that is there says the same.

*Ours* is a release whose text ends in our mark, which names project, version and commit: it may be
brought up to date. Another one is *the same* when its title, its text (but for blanks at the ends
of lines and of the text) and its pre-release mark are what ours would be: it is adopted as it is.
Everything else is somebody else's word and stays untouched.
"""

from agentmesh_release.providers.github import NewRelease
from agentmesh_release.providers.github import Release as Found

from ..models.release import Release

# GitHub takes 125,000 characters.
LONGEST_TEXT = 120_000
_REST = "\n\nThis is not all; the rest is in `CHANGELOG.md` below.\n"
_WITHDRAWN = "<!-- agentmesh-release: withdrawn -->"


def announcement(release: Release) -> NewRelease:
    """The title and text of the release at GitHub."""
    return NewRelease(
        tag=release.tag,
        sha=release.commit_sha,
        name=release.tag,
        body=f"{_shortened(release.notes_markdown())}\n{mark(release)}\n",
        prerelease=release.is_prerelease,
        make_latest="true" if _is_newest(release) else "false",
    )


def mark(release: Release) -> str:
    """The last line of the text of what is ours; readers do not see it."""
    facts = f"{release.project.slug} {release.version} {release.commit_sha}"
    return f"<!-- agentmesh-release: {facts} -->"


def is_ours(found: Found, release: Release) -> bool:
    """Whether this release at GitHub is the one that we made of it."""
    return mark(release) in found.body


def differences(found: Found, wanted: NewRelease) -> list[str]:
    """What a reader would see differ, in words."""
    ours, theirs = wanted.body.rpartition("<!--")[0], found.body
    compared = {
        "its title": (found.name or found.tag, wanted.name),
        "its text": (_normal(theirs), _normal(ours)),
        "its pre-release mark": (found.prerelease, wanted.prerelease),
    }
    return [what for what, (one, other) in compared.items() if one != other]


def withdrawn(found: Found, release: Release) -> NewRelease | None:
    """The release at GitHub with word of its withdrawal on top; None when it has that already.

    It is marked as a pre-release, since that is how GitHub keeps it from being the latest.
    """
    if _WITHDRAWN in found.body:
        return None
    because = " ".join(release.withdrawn_because.split())
    note = f"> **Withdrawn** by {release.withdrawn_by}: {because}\n"
    return NewRelease(
        tag=found.tag,
        sha=release.commit_sha,
        name=f"{found.name or found.tag} (withdrawn)",
        body=f"{_WITHDRAWN}\n{note}\n{found.body}",
        prerelease=True,
    )


def _shortened(text: str) -> str:
    if len(text) <= LONGEST_TEXT:
        return text
    return text[:LONGEST_TEXT].rpartition("\n")[0] + _REST


def _normal(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _is_newest(release: Release) -> bool:
    """Whether no later stable version is there: only then it may become GitHub's latest."""
    later = Release.objects.filter(
        project=release.project_id, precedence__gt=release.precedence, is_prerelease=False
    )
    return not later.exclude(state=Release.State.WITHDRAWN).exists()
