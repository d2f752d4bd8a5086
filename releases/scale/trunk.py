"""Projects with their commits, pull requests, releases and drafts, as rows."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Subquery

from agentmesh_release.core.filling import Row, fill, first_free_id

from ..models import Commit, Draft, Environment, Project, PullRequest, Release
from .history import Cut, Landing, cuts, landings, of_each
from .notes import changelog
from .plan import Plan, Size

CUT_AFTER = timedelta(minutes=5)
_OPEN_PULLS = 12


@dataclass(frozen=True)
class Made:
    """A release as its row stands."""

    pk: int
    cut: Cut
    sha: str
    tag: str
    at: datetime


@dataclass(frozen=True)
class Place:
    """A project's ids in the database: its releases' count on from `first_release`."""

    size: Size
    pk: int
    first_release: int

    @property
    def production(self) -> str:
        return f"{self.size.slug}/{Environment.Kind.PRODUCTION}"

    def release(self, number: int | None) -> int | None:
        return None if number is None else self.first_release + number


def places(plan: Plan) -> list[Place]:
    """Where the projects of the plan go: beside what is there."""
    project, release = first_free_id(Project), first_free_id(Release)
    found = []
    for size in plan.sizes():
        found.append(Place(size, project + size.number, release))
        release += size.releases
    return found


def fill_projects(plan: Plan, all_: Sequence[Place]) -> None:
    """The projects, each with both environments."""
    fill(
        Project,
        ("id", "slug", "name", "repository", "created_at"),
        (
            (each.pk, each.size.slug, f"Scale {each.size.number:03d}", f"demo/{each.size.slug}",
             each.size.begins)
            for each in all_
        ),
    )  # fmt: skip
    fill(
        Environment,
        ("project", "kind", "domain", "assigns_by_itself", "assignment_read_at"),
        (
            (each.pk, kind, f"{kind}.{each.size.slug}.example.com", False, plan.now)
            for each in all_
            for kind in Environment.Kind.values
        ),
    )


def fill_commits(plan: Plan, all_: Sequence[Place]) -> int:
    """All commits; answers how many."""
    return fill(
        Commit,
        ("project", "release", "stable_release", "sha", "position", "author_name", "committed_at",
         "message", "subject", "type", "scope", "is_breaking", "is_merge", "is_on_head",
         "pull_request"),
        (row for place in all_ for row in _commits(plan, place)),
    )  # fmt: skip


def _commits(plan: Plan, place: Place) -> Iterator[Row]:
    for cut, commits in of_each(plan, place.size):
        release = place.release(cut.number) if cut else None
        stable = place.release(cut.stable) if cut else None
        for each in commits:
            yield (
                place.pk, release, stable, each.sha, each.place + 1, each.author, each.at,
                each.message, each.subject, each.type, each.scope, each.is_breaking, False, True,
                each.pull_request,
            )  # fmt: skip


def fill_pulls(plan: Plan, all_: Sequence[Place]) -> int:
    """The pull requests that brought the commits, and a dozen open ones a project."""
    return fill(
        PullRequest,
        ("project", "number", "title", "author", "state", "head_sha", "url", "created_at",
         "read_at"),
        (row for place in all_ for row in _pulls(plan, place)),
    )  # fmt: skip


def _pulls(plan: Plan, place: Place) -> Iterator[Row]:
    number = 0
    for commit in landings(plan, place.size):
        if commit.pull_request:
            number = commit.pull_request
            yield _pull(plan, place, number, commit, "merged")
    dice = plan.chance(place.size.number, "pulls")
    for _ in range(_OPEN_PULLS):
        number += 1
        yield _pull(plan, place, number, _waiting(plan, dice.getrandbits(160)), "open")


def _waiting(plan: Plan, name: int) -> Landing:
    """What an open pull request would bring."""
    at = plan.now - timedelta(hours=name % 200)
    said = "feat(web): show what waits for review"
    return Landing(0, f"{name:040x}", at, "Person 7", "feat", "web", said, False, None, said)


def _pull(plan: Plan, place: Place, number: int, commit: Landing, state: str) -> Row:
    url = f"https://github.com/demo/{place.size.slug}/pull/{number}"
    return (
        place.pk, number, commit.subject, commit.author, state, commit.sha, url,
        commit.at - timedelta(hours=20), plan.now,
    )  # fmt: skip


def fill_releases(plan: Plan, all_: Sequence[Place]) -> list[list[Made]]:
    """All releases with their changelogs, and the drafts; answers the releases by project."""
    made: list[list[Made]] = [[] for _ in all_]
    drafts: list[Row] = []
    fill(
        Release,
        ("id", "project", "version", "precedence", "is_prerelease", "tag", "commit_sha", "state",
         "previous", "changelog", "commit_count", "released_at", "cut_by"),
        (row for place, own in zip(all_, made, strict=True)
         for row in _releases(plan, place, own, drafts)),
    )  # fmt: skip
    fill(
        Draft,
        ("project", "base", "head_sha", "version", "bump", "changelog", "commit_count",
         "computed_at"),
        drafts,
    )  # fmt: skip
    heads = Draft.objects.filter(project=OuterRef("pk")).values("head_sha")
    projects = Project.objects.filter(pk__in=[place.pk for place in all_])
    projects.update(trunk_sha=Subquery(heads))
    return made


def _releases(plan: Plan, place: Place, made: list[Made], drafts: list[Row]) -> Iterator[Row]:
    tags = [f"v{cut.version}" for cut in cuts(place.size)]
    last = ""
    for cut, commits in of_each(plan, place.size):
        if cut is None:
            drafts.append(_draft(plan, place, commits, made[-1] if made else None))
            return
        last = commits[-1].sha if commits else last
        at = (commits[-1].at if commits else place.size.begins) + CUT_AFTER
        tag = tags[cut.number]
        before = None if cut.previous is None else tags[cut.previous]
        told = changelog(commits, tag=tag, released_at=at, previous=before)
        pk = place.first_release + cut.number
        made.append(Made(pk, cut, last, tag, at))
        yield (
            pk, place.pk, str(cut.version), cut.precedence, cut.is_prerelease, tag, last, "tagged",
            place.release(cut.previous), json.dumps(told), len(commits), at, "Ada",
        )  # fmt: skip


def _draft(plan: Plan, place: Place, commits: Sequence[Landing], base: Made | None) -> Row:
    version = str(base.cut.version.bump_minor()) if base else "0.1.0"
    before = base.tag if base else None
    told = changelog(commits, tag=f"v{version}", released_at=None, previous=before)
    return (
        place.pk, base.pk if base else None, commits[-1].sha if commits else "", version, "minor",
        json.dumps(told), len(commits), plan.now,
    )  # fmt: skip
