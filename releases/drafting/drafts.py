"""The living draft: what the next release of a project would be."""

from datetime import datetime

from django.db import transaction

from agentmesh_release.core import live

from ..changelogs import tell
from ..conventional.changelog import as_json
from ..conventional.changes import needed_flags
from ..models.draft import Draft
from ..models.project import Project
from .choices import why
from .proposing import unreleased

MOST_FLAGS = 100


def recompute(project: Project, now: datetime) -> Draft:
    """Bring the draft up to date with the unreleased commits; pages hear of it."""
    with transaction.atomic(), live.one_notice():
        locked = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        brought = unreleased(locked)
        found = brought.proposed()
        proposal = found.proposal
        told = tell(found.changes, locked.policy, tag=found.tag, previous=found.previous)
        draft, _ = Draft.objects.update_or_create(
            project=locked,
            defaults={
                "base": found.base,
                "head_sha": locked.trunk_sha,
                "version": str(proposal.version or ""),
                "bump": proposal.bump.name.lower() if proposal.bump else "",
                "notes": [
                    sentence for sentence in (why(brought, found), *proposal.notes) if sentence
                ],
                "changelog": as_json(told),
                "commit_count": len(found.changes),
                "needs_flags": list(needed_flags(found.changes))[:MOST_FLAGS],
                "waits_for": "",
                "computed_at": now,
            },
        )
        live.stale(f"project:{locked.slug}", "overview")
    return draft
