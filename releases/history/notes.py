"""The changelogs of a whole history, one for each release."""

from collections import defaultdict
from collections.abc import Iterator

from releases.conventional.changelog import Changelog, build
from releases.conventional.changes import Change, change_of
from releases.conventional.policy import DEFAULT_POLICY, Policy
from releases.conventional.versions import is_stable, predecessors
from releases.history.history import History, LoggedCommit

UNRELEASED = "Unreleased"


def changelogs(history: History, policy: Policy = DEFAULT_POLICY) -> Iterator[Changelog]:
    """Yield what is not released yet, then every release, the latest first.

    A stable release tells everything since the stable one before it, its pre-releases included;
    a pre-release tells what it added. Of a limited history that ends at a release, nothing is
    unreleased.
    """
    changes = _by_release(history, policy)
    told = history.told_tags
    before = predecessors(tag.version for tag in told)
    named = {tag.version: tag.name for tag in told}
    is_all_released = history.is_limited and history.head in {tag.sha for tag in told}
    if (unreleased := changes.get(None)) and not is_all_released:
        yield build(unreleased, version=UNRELEASED, policy=policy)
    latest_last = sorted(told, key=history.released_at)  # of one moment: by precedence
    for tag in reversed(latest_last):
        previous = before[tag.version]
        yield build(
            changes.get(tag.name, ()),
            version=tag.name,
            released_at=history.released_at(tag),
            previous=named[previous] if previous else history.since,
            policy=policy,
        )


def change_in(commit: LoggedCommit, policy: Policy = DEFAULT_POLICY) -> Change:
    """The commit as versions and notes see it."""
    return change_of(
        commit.sha, commit.message, commit.author_name, policy=policy, is_merge=commit.is_merge
    )


def _by_release(history: History, policy: Policy) -> dict[str | None, list[Change]]:
    """The changes under the tag that tells them; under None what no stable release has yet."""
    pre_releases = {tag.name for tag in history.tags if not is_stable(tag.version)}
    changes: dict[str | None, list[Change]] = defaultdict(list)
    for commit in history.commits():
        if not commit.touches:
            continue
        change = change_in(commit, policy)
        if commit.release in pre_releases:
            changes[commit.release].append(change)
        if commit.is_on_head or commit.stable_release:
            changes[commit.stable_release].append(change)
    return changes
