"""Working out the next release of a project: which version, after which release, telling what."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, Q
from semver import Version

from ..changelogs import changes_of
from ..conventional.bump import Proposal, propose
from ..conventional.changes import Change
from ..conventional.policy import Bump
from ..conventional.versions import is_stable
from ..models.commit import Commit, CommitQuerySet
from ..models.project import Project
from ..models.release import Release, ReleaseQuerySet

_TOO_LONG = "The version that a commit asks for by “Release-As” is too long to be kept."
# What stands before a version without a v: `@scope/front@1.2.3`, and a prefix that brings its own.
_WITHOUT_MARK = ("@", "v", "V")


@dataclass(frozen=True)
class Proposed:
    """The next release as the unreleased commits make it.

    `changes`, newest first, are what its changelog tells, counted from `previous`; `base` is the
    stable release before it, `tag` empty while there is nothing to release.
    """

    proposal: Proposal
    base: Release | None
    previous: Release | None
    changes: Sequence[Change]
    tag: str

    @property
    def is_prerelease(self) -> bool:
        return self.proposal.version is not None and not is_stable(self.proposal.version)


@dataclass(frozen=True)
class Unreleased:
    """What is on trunk and in no stable release, and the releases that the next one builds on."""

    project: Project
    changes: tuple[Change, ...]
    fresh: tuple[Change, ...]
    base: Release | None
    begun: tuple[Release, ...]
    taken: frozenset[Version]

    def proposed(self, forced: Bump | None = None, channel: str = "") -> Proposed:
        """The next release; `forced` is the bump that a person chose, `channel` (`rc`) asks for a
        pre-release."""
        proposal = propose(
            self.changes,
            base=Version.parse(self.base.version) if self.base else None,
            taken=self.taken,
            begun=[Version.parse(each.version) for each in self.begun],
            policy=self.project.policy,
            forced=forced,
            channel=channel,
            fresh=self.fresh,
        )
        version = proposal.version
        tag = tag_of(self.project, version, self.base) if version else ""
        if version and not Release.fits(tag, version):
            proposal, tag = replace(proposal, version=None, notes=(_TOO_LONG,)), ""
        if version is None or is_stable(version):
            return Proposed(proposal, self.base, self.base, self.changes, tag)
        previous = self.begun[0] if self.begun else self.base
        return Proposed(proposal, self.base, previous, self.fresh, tag)


def unreleased(project: Project) -> Unreleased:
    """Read what the next release of the project brings."""
    line = trunk_line(project).defer("changelog")
    stable = Release.objects.filter(project=project).stable().order_by("-precedence")
    # After a rewrite of the whole branch nothing is on its line; versions go on all the same.
    base = line.stable().first() or stable.defer("changelog").first()
    begun, taken = line.filter(is_prerelease=True), Release.objects.filter(project=project)
    if base:  # none below it is proposed
        begun = begun.filter(precedence__gt=base.precedence)
        taken = taken.filter(precedence__gt=base.precedence)
    commits = Commit.objects.filter(project=project).unreleased()
    changes = tuple(changes_of(commits, project.policy))
    fresh = set(commits.filter(release=None).values_list("sha", flat=True))
    return Unreleased(
        project,
        changes,
        tuple(each for each in changes if each.sha in fresh),
        base,
        tuple(begun),
        frozenset(map(Version.parse, taken.values_list("version", flat=True))),
    )


def trunk_line(project: Project) -> ReleaseQuerySet:
    """The releases that the next version of the default branch builds on: those cut at a commit of
    it, and those that were the first to release one; highest precedence first."""
    on_head = Commit.objects.filter(project=project, is_on_head=True)
    # Of a folder only what touches it is kept, and a tag may well stand on another commit.
    is_there = Q(is_on_trunk=True) if project.folder else Q(_has(on_head, sha="commit_sha"))
    return Release.objects.filter(
        is_there | Q(_has(on_head, release="pk")) | Q(_has(on_head, stable_release="pk")),
        project=project,
    ).order_by("-precedence")


def _has(commits: CommitQuerySet, **same: str) -> Exists:
    """Whether one of the commits has that of the release."""
    return Exists(commits.filter(**{name: OuterRef(of) for name, of in same.items()}))


def tag_of(project: Project, version: Version, base: Release | None) -> str:
    """The tag that a version gets: `v1.2.3`, or written as that of the release it follows."""
    prefix = project.tag_prefix
    if base:
        written = base.tag.removeprefix(prefix)[:1]
        mark = written if written in ("v", "V") else ""
    else:
        mark = "" if prefix.endswith(_WITHOUT_MARK) else "v"
    return f"{prefix}{mark}{version}"
