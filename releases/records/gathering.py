"""Gathering a release's record from the database: a page of it, or all of it for an export."""

from ..models.release import Release
from . import decision_parts, evidence_parts
from .record import ALL, Extent, Record


def gather(release: Release, extent: Extent = ALL) -> Record:
    """The record of a release that `beside_release.releases` read."""
    return Record(
        release,
        git=evidence_parts.git(release, extent),
        pull_requests=evidence_parts.pulls(release, extent),
        ci=evidence_parts.ci(release),
        build=evidence_parts.build(release, extent),
        artifacts=evidence_parts.reports(release),
        security=evidence_parts.security(release),
        decisions=decision_parts.decisions(release),
        production=decision_parts.production(release),
        known_issues=decision_parts.issues(release),
        history=decision_parts.history(release),
    )
