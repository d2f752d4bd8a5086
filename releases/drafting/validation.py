"""Release validation (seed: Release Process): what has to be known before a release is cut.

Its gates have the phase `cut`. They are asked about a candidate when its dialog is shown, at the
press of Cut, and once more by the operation that publishes it, on evidence read just then.
"""

from dataclasses import dataclass
from datetime import datetime

from agentmesh_release.core import gates, live
from agentmesh_release.core.gates import Checklist, Verdict, gate
from agentmesh_release.core.models import Poll

from ..models.deployment import Deployment
from ..models.draft import Draft
from ..models.migration_reading import MigrationReading
from ..models.project import Project
from ..models.release import Release
from ..production.gates import FRESH_S, checks_verdict

CUT = "cut"
_BUILDS = "It builds what is merged by itself; the build is read as soon as it begins."
# https://vercel.com/docs/monorepos: what touches neither the folder nor what it uses has no build.
_SKIPS = (
    f"{_BUILDS} If Vercel skips what changes nothing in the folder, turn that off in its project "
    "(Root Directory, Skip deployments), or build this commit there."
)
_BROKEN = {"ERROR": "failed", "CANCELED": "was cancelled", "BLOCKED": "was blocked"}


@dataclass(frozen=True)
class Candidate:
    """What would be cut, or was: a commit of a project; `tag` is empty while nothing asks for a
    version, `told` is how many commits its changelog counts."""

    project: Project
    sha: str
    tag: str
    told: int

    @classmethod
    def of(cls, release: Release) -> "Candidate":
        """A release that was cut."""
        return cls(release.project, release.commit_sha, release.tag, release.commit_count)

    @classmethod
    def next_of(cls, project: Project, draft: Draft | None) -> "Candidate":
        """What cutting would freeze now, as the draft has it."""
        tag = draft.changelog.get("version") or draft.version if draft and draft.version else ""
        return cls(project, project.trunk_sha, tag, draft.commit_count if draft else 0)


def validate(candidate: Candidate, now: datetime) -> Checklist:
    """Ask the gates of cutting, from what is known locally."""
    return gates.evaluate(CUT, candidate, now)


def keep(project: Project, now: datetime) -> None:
    """Ask about the draft and keep the answer for its pages, which hear of it when it changed."""
    draft = Draft.objects.filter(project=project).first()
    if draft is None or not project.trunk_sha:
        return
    before = kept(draft, now)
    draft.validation = validate(Candidate.next_of(project, draft), now).as_json()
    draft.validated_sha = project.trunk_sha
    draft.save(update_fields=["validation", "validated_sha"])
    if _said(kept(draft, now)) != _said(before):
        live.stale(f"project:{project.slug}")


def kept(draft: Draft | None, now: datetime) -> Checklist:
    """What was last said of the draft's newest commit, aged; empty while nothing was."""
    if draft is None or draft.validated_sha != draft.head_sha:
        return Checklist()
    return Checklist.from_json(draft.validation).aged(now)


def _said(checklist: Checklist) -> list[tuple[str, str]]:
    return [(item.state, item.verdict.summary) for item in checklist]


@gate("cut.ci", "Tests", phase=CUT, fresh_s=FRESH_S)
def tests_green(candidate: Candidate) -> Verdict:
    """All checks and statuses of the commit passed; none at all is not a pass."""
    return checks_verdict(candidate.project, candidate.sha)


@gate("cut.build", "Build", phase=CUT, fresh_s=FRESH_S)
def build_ready(candidate: Candidate) -> Verdict:
    """Vercel has built the commit for production: what a promotion would point at is there."""
    if not candidate.project.vercel_project_id:
        return Verdict(
            "inconclusive",
            "No Vercel project is configured, so nobody knows whether it builds.",
            way="Name the project's Vercel project in its settings.",
        )
    builds = Deployment.objects.for_production().filter(
        project=candidate.project, sha=candidate.sha
    )
    build = builds.ready().first() or builds.first()
    if build is None:
        return Verdict(
            "inconclusive",
            "Vercel has no production build of this commit yet.",
            way=_SKIPS if candidate.project.folder else _BUILDS,
        )
    return _built(build)


def _built(build: Deployment) -> Verdict:
    def said(state: gates.State, summary: str, way: str = "") -> Verdict:
        return Verdict(state, summary, way, "Build", build.inspector_url, build.read_at)

    if build.is_ready:
        return said("passed", "The production build is ready.")
    if build.is_building:
        return said("pending", "Vercel is building it.", "It ends by itself.")
    if build.state in _BROKEN:
        why = f": {build.error[:200]}" if build.error else ""
        return said(
            "failed",
            f"The build {_BROKEN[build.state]}{why}.",
            "Build it again at Vercel, or merge a fix.",
        )
    return said("inconclusive", f"Vercel calls the build {build.state.lower()}.")


@gate("cut.migrations", "Migration status", phase=CUT, fresh_s=FRESH_S)
def migrations_known(candidate: Candidate) -> Verdict:
    """How each migration of the commit stands in production is known; promoting judges it."""
    reading = MigrationReading.objects.filter(project=candidate.project, sha=candidate.sha).first()
    if reading is None:
        return Verdict(
            "inconclusive",
            "The migrations of this commit have not been read yet.",
            way="They are read by themselves as soon as GitHub and the app's database answer.",
        )
    if not reading.migrations:
        return Verdict("passed", "This commit has no migrations.", as_of=reading.read_at)
    missing = [each["name"] for each in reading.migrations if each["state"] != "applied"]
    total = len(reading.migrations)
    said = f"{total - len(missing)} of {total} are applied in production."
    return Verdict("passed", said, as_of=reading.read_at)


@gate("cut.version", "Version and changelog", phase=CUT, fresh_s=float("inf"))
def version_told(candidate: Candidate) -> Verdict:
    """There is a version, and a changelog that tells of it."""
    if not candidate.tag:
        return Verdict(
            "failed", "No commit asks for a version.", way="Choose one by its bump when cutting."
        )
    commits = "1 commit" if candidate.told == 1 else f"{candidate.told} commits"
    return Verdict("passed", f"{candidate.tag}, told from {commits}.")


@gate("cut.tag", "Tag", phase=CUT, fresh_s=FRESH_S)
def tag_free(candidate: Candidate) -> Verdict:
    """The tag is not taken by another commit, as far as GitHub was last read."""
    read_at = _tags_read_at(candidate.project)
    if read_at is None:
        return Verdict(
            "inconclusive",
            "GitHub's tags have not been read yet.",
            way="They are read by themselves as soon as GitHub answers.",
        )
    taken = (
        Release.objects.filter(project=candidate.project, tag=candidate.tag)
        .exclude(commit_sha=candidate.sha)
        .first()
    )
    if candidate.tag and taken:
        return Verdict(
            "failed", f"{candidate.tag} is on {taken.commit_sha[:7]} already.", as_of=read_at
        )
    return Verdict("passed", "No other commit has that tag at GitHub.", as_of=read_at)


def _tags_read_at(project: Project) -> datetime | None:
    reading = Poll.objects.filter(kind="github", scope=project.slug).first()
    return reading.last_ok_at if reading else None
