"""The pages of pull requests, and of the trunk that they go to."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agentmesh_release.core.models import AuditEvent, Role, User
from agentmesh_release.core.people import invite
from releases.models import (
    BranchProtection,
    CheckSummary,
    Commit,
    Project,
    PullFeedback,
    PullReading,
    PullRequest,
)
from releases.pulls import judging
from releases.pulls.names import RULES
from tests.cast import SETUP, signed_in
from tests.releases.conftest import NEW_SHA, Api

pytestmark = pytest.mark.django_db
FULL = {
    "approvals_required": 1,
    "required_checks": [{"name": "tests", "app_id": None}],
    "up_to_date_required": True,
    "allows_force_pushes": False,
    "allows_deletion": False,
    "binds_admins": True,
    "kinds": [],
    "dismisses_stale": True,
    "message_patterns": [r"^(feat|fix)(\([^)]+\))?: "],
}
HIDDEN = {"unknown": "GitHub answered 403: the token lacks administration:read."}


def guarded(api: Api, classic: dict[str, Any] = FULL, gaps: int = 0) -> None:
    BranchProtection.objects.create(
        project=api.project, classic=classic, rules={**FULL}, gaps=gaps, read_at=timezone.now()
    )


def pull(api: Api, number: int, title: str = "feat: soon", **more: Any) -> PullRequest:
    """One that was read and judged; approved and up to date where nothing else is said."""
    facts: dict[str, Any] = {"approved": True, "behind_by": 0, "message": title, **more}
    made = PullRequest.objects.create(
        project=api.project,
        number=number,
        title=title,
        author="noor",
        state=facts.get("state", "open"),
        head_sha=f"{number:040x}",
        head_ref="soon",
        url=f"https://github.com/demo/api/pull/{number}",
        created_at=timezone.now(),
        updated_at=timezone.now(),
        read_at=timezone.now(),
    )
    review = {
        "id": 1, "login": "rowan", "state": "APPROVED", "sha": made.head_sha,
        "association": "MEMBER", "at": None,
    }  # fmt: skip
    wrong = None
    if ":" not in facts["message"]:
        wrong = {"line": 1, "column": 9, "reason": "expected “:”, found a blank."}
    PullReading.objects.create(
        pull_request=made,
        head_sha=made.head_sha,
        updated_at=timezone.now(),
        base_sha=api.project.trunk_sha,
        behind_by=facts["behind_by"],
        reviews=[review] if facts["approved"] else [],
        commits=[
            {"sha": made.head_sha, "header": facts["message"], "is_merge": False, "author": "Noor",
             "wrong": wrong}
        ],
        read_at=timezone.now(),
    )  # fmt: skip
    result = {"name": "tests", "outcome": "passed", "url": ""}
    CheckSummary.objects.create(
        project=api.project,
        sha=made.head_sha,
        outcome="passed",
        results=[result],
        read_at=timezone.now(),
    )
    judging.judge(api.project, [made], timezone.now())
    return made


@pytest.fixture
def four(api: Api) -> Api:
    """One that is ready, one behind, one that nobody approved, one with a bad title."""
    guarded(api)
    pull(api, 1, "feat: ready")
    pull(api, 2, "feat: late", behind_by=3)
    pull(api, 3, "feat: alone", approved=False)
    pull(api, 4, "Improved things")
    return api


def listed(client: Client, query: str = "") -> list[int]:
    shown = client.get(f"/projects/api/pulls/{query}")
    assert shown.status_code == 200
    return [row.pull.number for row in shown.context["rows"]]


FILTERED = {
    "": [4, 3, 2, 1],
    "?rule=approval": [3],
    "?rule=up-to-date&state=failed": [2],
    "?rule=conventional&state=passed": [3, 2, 1],
    "?state=failed": [4, 2],
    "?state=pending": [3],
    "?q=%234": [4],
    "?q=noor": [4, 3, 2, 1],
    "?q=IMPROVED": [4],
    "?rule=nonsense&state=what": [4, 3, 2, 1],
    "?show=merged": [],
    "?q=99999999999999999999": [],
}


def test_the_list_is_filtered_by_rule_verdict_and_words(four: Api, sam: User) -> None:
    client = signed_in(sam)
    assert {query: listed(client, query) for query in FILTERED} == FILTERED


def test_the_list_goes_on_where_the_page_ended(api: Api, sam: User) -> None:
    PullRequest.objects.bulk_create(
        PullRequest(
            project=api.project, number=n, title="feat: x", state="open", head_sha="a" * 40,
            url="https://github.com/demo/api/pull/1",
            created_at=timezone.now(), read_at=timezone.now(),
        )
        for n in range(1, 61)
    )  # fmt: skip
    client = signed_in(sam)
    first = client.get("/projects/api/pulls/")
    assert "Not read yet" in first.content.decode()
    assert listed(client, first.context["page"].older.partition("pulls/")[2]) == [*range(10, 0, -1)]


def test_one_is_told_what_is_missing_and_where(four: Api, sam: User) -> None:
    shown = signed_in(sam).get("/projects/api/pulls/4/").content.decode()
    assert "The title and 1 of 1\N{NO-BREAK SPACE}commit are not conventional." in shown
    assert "Improved<mark> </mark>things" in shown
    assert "Column 9: expected" in shown


def test_old_verdicts_do_not_count_as_met(four: Api, sam: User) -> None:
    PullRequest.objects.update(read_at=timezone.now() - timedelta(hours=3))
    shown = signed_in(sam).get("/projects/api/pulls/1/").content.decode()
    assert "It does not count as passed." in shown


def test_what_was_read_of_another_head_or_trunk_proves_nothing(api: Api) -> None:
    guarded(api)
    made = pull(api, 1)
    api.project.trunk_sha = "c" * 40
    judging.judge(api.project, [made], timezone.now())
    assert states(made) == {"inconclusive": ["up-to-date"]}
    made.head_sha = "d" * 40
    made.save()
    judging.judge(api.project, [made], timezone.now())
    assert set(states(made)["inconclusive"]) == set(RULES)


def states(pull: PullRequest) -> dict[str, list[str]]:
    """The rules that are not met, by verdict."""
    found: dict[str, list[str]] = {}
    for item in pull.checklist(timezone.now()).blockers:
        found.setdefault(item.state, []).append(item.gate)
    return found


def test_a_preview_is_linked(four: Api, sam: User) -> None:
    build = four.build(four.new, "STAGED", vercel_id="dpl_preview")
    build.target, build.sha, build.url = "", f"{1:040x}", "api-git-soon.vercel.app"
    build.inspector_url = "http://sandbox/build"
    build.save()
    shown = signed_in(sam).get("/projects/api/pulls/1/").content.decode()
    assert '<a href="http://sandbox/build">' in shown
    assert "api-git-soon.vercel.app" in shown


def test_a_merged_one_says_which_release_carries_it(four: Api, sam: User) -> None:
    PullRequest.objects.filter(number=1).update(state="merged", merge_sha=NEW_SHA)
    Commit.objects.create(
        project=four.project, sha=NEW_SHA, position=1, author_name="Noor",
        committed_at=timezone.now(),
        message="feat: ready (#1)", subject="feat: ready (#1)", type="feat", pull_request=1,
        release=four.old, stable_release=four.old,
    )  # fmt: skip
    shown = signed_in(sam).get("/projects/api/pulls/1/").content.decode()
    assert "When did #1 reach production?" in shown
    assert "/projects/api/releases/1.0.0/" in shown


def test_a_number_that_nobody_knows_is_not_found(four: Api, sam: User) -> None:
    assert signed_in(sam).get("/projects/api/pulls/77/").status_code == 404


def test_a_trunk_without_a_gap_is_guarded(api: Api, sam: User) -> None:
    guarded(api)
    shown = signed_in(sam).get("/projects/api/trunk/").content.decode()
    assert '<h1 class="page-title">main is guarded</h1>' in shown


def test_gaps_and_unknown_points_are_named(api: Api, sam: User) -> None:
    weak = {**FULL, "approvals_required": 0, "binds_admins": None}
    BranchProtection.objects.create(
        project=api.project, classic=HIDDEN, rules=weak, gaps=0, read_at=timezone.now()
    )
    shown = signed_in(sam).get("/projects/api/trunk/").content.decode()
    assert "Not all of main can be seen" in shown
    assert "the token lacks administration:read" in shown
    BranchProtection.objects.update(classic=weak, gaps=2)
    shown = signed_in(sam).get("/projects/api/trunk/").content.decode()
    assert "2\N{NO-BREAK SPACE}gaps in how main is guarded" in shown
    assert "Require a pull request with at least one approval." in shown


def test_before_it_was_read_the_trunk_says_so(api: Api, sam: User) -> None:
    assert "has not been looked at" in signed_in(sam).get("/projects/api/trunk/").content.decode()


def test_a_release_manager_has_it_checked_again(api: Api, ada: User) -> None:
    guarded(api)
    assert signed_in(ada).post("/projects/api/trunk/check/").status_code == 302
    assert BranchProtection.objects.get().is_due


def test_an_admin_has_github_told_with_a_reason(four: Api) -> None:
    admin = signed_in(invite("root", "Rita", Role.ADMIN, by=SETUP))
    path = "/projects/api/trunk/report/"
    assert "agentmesh/trunk-rules" in admin.get(path).content.decode()
    assert admin.post(path, {"wanted": "on"}).status_code == 422
    assert admin.post(path, {"wanted": "on", "reason": "authors ask"}).status_code == 302
    assert Project.objects.get().reports_back
    assert PullFeedback.objects.count() == 4
    assert AuditEvent.objects.get(verb="trunk_report.on").reason == "authors ask"
    assert admin.post(path, {"wanted": "on", "reason": "again"}).status_code == 409


def test_what_github_refuses_is_shown_with_its_words(four: Api, sam: User) -> None:
    Project.objects.update(reports_back=True)
    PullFeedback.objects.create(
        pull_request=PullRequest.objects.get(number=1), head_sha="a", content={}, state="failed",
        error="GitHub answered 403: the token lacks statuses:write.",
    )  # fmt: skip
    for path in ("trunk/", "pulls/1/"):
        assert (
            "lacks statuses:write" in signed_in(sam).get(f"/projects/api/{path}").content.decode()
        )


def test_the_lane_leads_to_both_pages(four: Api, sam: User) -> None:
    BranchProtection.objects.update(gaps=1)
    shown = signed_in(sam).get("/").content.decode()
    assert "4\N{NO-BREAK SPACE}open pull requests" in shown
    assert "1\N{NO-BREAK SPACE}gap in its protection" in shown
