"""The gates of this app: what a promotion needs, as the seed's Production Environment lists it.

The gate on the error budget is with the SLOs, in `incidents`. Each reads what is known locally;
`evidence` brings that up to date.
"""

from typing import Any

from agentmesh_release.core.access import one_of, who_may
from agentmesh_release.core.figures import count
from agentmesh_release.core.gates import State, Verdict, gate
from agentmesh_release.core.sentences import listed

from ..models.check_summary import CheckSummary
from ..models.migration_reading import MigrationReading
from ..models.project import Project
from ..models.promotion import BEFORE, Promotion
from ..models.publication import Publication
from ..models.release import Release

FRESH_S = 300.0


@gate("ci", "CI checks", phase=BEFORE, fresh_s=FRESH_S)
def ci_checks(promotion: Promotion) -> Verdict:
    """All checks and statuses of the commit passed; none at all is not a pass."""
    return checks_verdict(promotion.release.project, promotion.release.commit_sha)


def checks_verdict(project: Project, sha: str) -> Verdict:
    """What CI said of a commit, as it was last read."""
    summary = CheckSummary.objects.filter(project=project, sha=sha).first()
    if summary is None:
        return Verdict(
            "inconclusive",
            "GitHub has not been asked about this commit yet.",
            way="It is asked by itself, every few seconds.",
        )
    return _judged(summary, f"{project.repository_url}/commit/{sha}")


def _judged(summary: CheckSummary, url: str) -> Verdict:
    evidence: dict[str, Any] = {
        "evidence_label": "Checks",
        "evidence_url": f"{url}/checks",
        "as_of": summary.read_at,
    }
    total = len(summary.results)
    match summary.outcome:
        case "passed":
            word = "check" if total == 1 else "checks"
            return Verdict(
                "passed", f"{summary.passed_count} of {total} {word} passed.", **evidence
            )
        case "pending":
            return Verdict(
                "pending", "Checks are still running.", way="They end by themselves.", **evidence
            )
        case "failed":
            failed = [each["name"] for each in summary.results if each["outcome"] == "failed"]
            return Verdict(
                "failed",
                f"Failed: {', '.join(failed[:5])}.",
                way="Clears when the checks run again and pass, or with a fix in a new release.",
                **evidence,
            )
        case "absent":
            return Verdict(
                "inconclusive",
                "No check ran on this commit, so nobody knows whether it works.",
                way="Run the repository's workflow on this commit.",
                **evidence,
            )
        case _:
            return Verdict(
                "inconclusive",
                "The checks do not add up to a pass: skipped or unknown results.",
                way="Look at the checks, then run them again.",
                **evidence,
            )


@gate("published", "Published", phase=BEFORE, fresh_s=float("inf"))
def published(promotion: Promotion) -> Verdict:
    """Its tag is at GitHub for good, so that what goes live can be told for ever."""
    release = (
        Release.objects.select_related("project").defer("changelog").get(pk=promotion.release_id)
    )
    match release.state:
        case Release.State.PUBLISHED:
            return Verdict("passed", f"{release.tag} is published at GitHub.")
        case Release.State.TAGGED:
            return Verdict("passed", f"{release.tag} was tagged at GitHub by somebody else.")
        case Release.State.PUBLISHING:
            return Verdict("pending", "It is being published at GitHub.", way="It ends by itself.")
        case Release.State.WITHDRAWN:
            return Verdict(
                "failed",
                f"{release.withdrawn_by} withdrew it: “{release.withdrawn_because[:200]}”",
                way="A withdrawn version is not promoted; cut another one.",
            )
    last = Publication.objects.filter(release=release).select_related("operation").first()
    why = last.operation.outcome if last and last.operation else ""
    return Verdict("failed", f"It is not published. {why}".strip(), way="Publish it, below.")


@gate("migrations", "Migrations", phase=BEFORE, fresh_s=FRESH_S)
def migrations_applied(promotion: Promotion) -> Verdict:
    """Every migration of the commit is applied as written; none failed or runs."""
    release = promotion.release
    reading = MigrationReading.objects.filter(
        project=release.project_id, sha=release.commit_sha
    ).first()
    if reading is None:
        return Verdict("inconclusive", "The app's database has not been asked yet.")
    if not reading.migrations:
        return Verdict("passed", "This commit has no migrations.", as_of=reading.read_at)
    return _migrations_verdict(reading)


def _migrations_verdict(reading: MigrationReading) -> Verdict:
    by_state: dict[str, list[str]] = {}
    for each in reading.migrations:
        by_state.setdefault(each["state"], []).append(each["name"])
    for state, (verdict, said, way) in _MIGRATION_TROUBLE.items():
        if names := by_state.get(state):
            return Verdict(
                verdict, f"{said}: {', '.join(names[:3])}.", way=way, as_of=reading.read_at
            )
    count = len(by_state.get("applied", []))
    if count == len(reading.migrations):
        return Verdict(
            "passed", f"{count} of {count} are applied, as written.", as_of=reading.read_at
        )
    return Verdict(
        "inconclusive", "Some migrations are in an unknown state.", as_of=reading.read_at
    )


_MIGRATION_TROUBLE: dict[str, tuple[State, str, str]] = {
    "failed": (
        "failed",
        "Failed in production",
        "Whoever may write the database resolves it, then the repository's workflow runs it again.",
    ),
    "edited": (
        "failed",
        "Differs from what production ran",
        "Put the migration back as it ran; change the schema in a new one.",
    ),
    "rolled_back": ("failed", "Rolled back in production", "Run the repository's workflow again."),
    "running": ("pending", "Running in production", "Clears when it ends."),
    "pending": (
        "failed",
        "Not applied in production",
        "The repository's workflow applies it (`prisma migrate deploy`).",
    ),
}


@gate("bypass", "Bypass closed", phase=BEFORE, fresh_s=60.0)
def bypass_closed(promotion: Promotion) -> Verdict:
    """Vercel gives no build the production domain by itself (DESIGN, invariant 7)."""
    environment = promotion.environment
    if environment.assigns_by_itself is None or environment.assignment_read_at is None:
        return Verdict("inconclusive", "Vercel has not said whether it assigns domains by itself.")
    if environment.assigns_by_itself:
        return Verdict(
            "failed",
            "Vercel puts each finished build live by itself, past every gate.",
            way="Switch off the automatic assignment of production domains in the Vercel project.",
            as_of=environment.assignment_read_at,
        )
    return Verdict(
        "passed",
        "Vercel assigns no production domain by itself.",
        as_of=environment.assignment_read_at,
    )


@gate("approvals", "Manual approval", phase=BEFORE, fresh_s=float("inf"))
def approved(promotion: Promotion) -> Verdict:
    """Enough people other than the requester approved this very plan."""
    if not promotion.plan["build"]:
        return Verdict(
            "pending",
            "There is no finished production build of this commit to approve yet.",
            way="It can be approved as soon as Vercel has built it.",
        )
    asked = promotion.environment.project.approvals_required
    counted = promotion.counted()
    names = [approval.by for approval in counted]
    given = f"{listed(names)} approved." if names else ""
    if len(names) >= asked:
        return Verdict(
            "passed",
            f"{len(names)} of {asked}. {given}",
            evidence_label="Approvals",
            evidence_url="#approvals",
            as_of=max(approval.at for approval in counted),
        )
    may = [
        name
        for name in who_may("promotion.approve", promotion.scope, but=promotion.requester_id)
        if name not in names
    ]
    who = f"{one_of(may)} may approve." if may else "Nobody else may approve yet."
    said = f"{count(asked - len(names), 'approval')} missing. {given}".strip()
    return Verdict("pending", said, way=who, evidence_label="Approvals", evidence_url="#approvals")
