"""The version that a repository's next release would have."""

from releases.conventional.bump import Proposal, propose
from releases.conventional.policy import DEFAULT_POLICY, Bump, Policy
from releases.conventional.versions import is_stable
from releases.history.history import History
from releases.history.notes import change_in


def next_version(
    history: History,
    policy: Policy = DEFAULT_POLICY,
    *,
    forced: Bump | None = None,
    channel: str = "",
) -> Proposal:
    """Name the version after what the default branch has and no stable release tells yet.

    It builds on the highest stable release of the branch, or of the repository if the branch has
    none. `forced` is the bump that a person chose; `channel` (`rc`) asks for a pre-release.
    Raises `HistoryUnreadable`.
    """
    unreleased = [
        (commit, change_in(commit, policy))
        for commit in history.commits()
        if commit.is_on_head and not commit.stable_release and commit.touches
    ]
    line = [tag.version for tag in history.trunk_tags]
    versions = [tag.version for tag in history.tags]
    base = max(filter(is_stable, line), default=max(filter(is_stable, versions), default=None))
    return propose(
        [change for _, change in unreleased],
        base=base,
        taken=versions,
        begun=[version for version in line if not is_stable(version)],
        policy=policy,
        forced=forced,
        channel=channel,
        fresh=[change for commit, change in unreleased if not commit.release],
    )
