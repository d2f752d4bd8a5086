"""The Evidence tab, and the record that an auditor takes along."""

import hashlib
import json
from typing import Any

import pytest
from django.utils import timezone

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import AuditEvent, Poll, User
from releases.models import (
    BuildLog,
    CheckSummary,
    Commit,
    Deployment,
    Dossier,
    EditedNotes,
    KnownIssue,
    Release,
    ReleasePull,
    SecurityReading,
)
from tests.cast import signed_in

from .conftest import NEW_SHA, Api, execute

HERE = "/projects/api/releases/1.1.0/evidence/"
ADA = Actor("person", "Ada", 1)
PARTS = [
    "git", "pull_requests", "ci", "build", "artifacts", "security", "decisions", "production",
    "known_issues", "history",
]  # fmt: skip


def read(user: User, page: str = "") -> str:
    answer = signed_in(user).get(HERE + page)
    assert answer.status_code == 200
    return answer.content.decode()


def document(user: User) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(read(user, "evidence.json"))
    return told


def commit(api: Api, number: int, **fields: Any) -> None:
    Commit.objects.create(
        **{
            "project": api.project, "sha": f"{number:040x}", "position": number,
            "author_name": "Ada", "committed_at": timezone.now(), "message": "feat: x",
            "subject": "feat: x", "release": api.new, "stable_release": api.new, **fields,
        }
    )  # fmt: skip


@pytest.fixture
def rich(api: Api, ada: User, ben: User) -> Api:
    """A release of which everything is known, promoted by Ben."""
    now = timezone.now()
    Release.objects.filter(pk=api.new.pk).update(previous=api.old)
    commit(api, 1, pull_request=7)
    commit(api, 2, subject="hotfix <script>", author_name="Zoe")
    ReleasePull.objects.create(
        release=api.new, number=7, title="feat: x", author="ada", approved_by=["rowan"],
        merged_at=now, read_at=now,
    )  # fmt: skip
    Dossier.ask(api.new, by=ADA, now=now)
    Dossier.objects.update(read_at=now, is_complete=True)
    build = Deployment.objects.get(vercel_id="dpl_1.1.0")
    BuildLog.objects.create(deployment=build, text="npm run build\nok", read_at=now)
    for source in ("code-scanning", "dependabot", "secret-scanning"):
        SecurityReading.objects.create(project=api.project, source=source, read_at=now)
    execute(api.approved(ada, ben), ben)
    return api


def test_every_part_says_where_it_is_from_and_how_old_it_is(rich: Api, sam: User) -> None:
    told = document(sam)
    assert sorted(told["parts"]) == sorted(PARTS)
    assert all(part["source"] for part in told["parts"].values())
    assert told["parts"]["ci"]["as_of"].endswith("Z")
    page = read(sam)
    for words in ("GitHub", "Vercel", "read <time", "rowan", "npm run build", "Compare at GitHub"):
        assert words in page


def test_authors_and_commits_without_a_pull_request_are_named(rich: Api, sam: User) -> None:
    git = document(sam)["parts"]["git"]["data"]
    assert [each["name"] for each in git["authors"]] == ["Ada", "Zoe"]
    assert [each["subject"] for each in git["without_pull_request"]] == ["hotfix <script>"]
    assert [each["pull_request"] for each in git["commits"]] == [7, None]
    assert (git["from"]["tag"], git["to"]["tag"]) == ("v1.0.0", "v1.1.0")


def test_gates_and_approvals_are_as_they_were_at_the_decision(rich: Api, sam: User) -> None:
    before = document(sam)["parts"]["decisions"]
    rich.ci("failed")
    rich.project.approvals_required = 5
    rich.project.save()
    assert document(sam)["parts"]["decisions"] == before
    (promotion,) = before["data"]["promotions"]
    assert promotion["is_decided"]
    assert [each["by"] for each in promotion["approvals"]] == ["Ben"]
    assert {gate["state"] for gate in promotion["checklist"]["items"]} == {"passed"}


def test_what_is_not_known_is_said_and_never_hidden(api: Api, sam: User) -> None:
    CheckSummary.objects.all().delete()
    Deployment.objects.all().delete()
    parts = document(sam)["parts"]
    silent = {"pull_requests", "ci", "build", "artifacts", "security", "decisions", "production"}
    assert {name for name, part in parts.items() if part["unknown"]} == silent
    assert read(sam).count("Incomplete") == len(silent)


def test_a_source_that_github_does_not_show_is_not_called_clean(rich: Api, sam: User) -> None:
    SecurityReading.objects.filter(source="dependabot").update(why="403: disabled")
    part = document(sam)["parts"]["security"]
    assert "dependabot" in part["unknown"]
    assert "Dependabot</b> is not known" in read(sam)


def test_alerts_stay_as_they_were_when_the_evidence_was_read(rich: Api, sam: User) -> None:
    kept = {
        "source": "dependabot", "why": "", "open_count": 3, "may_be_cut": False, "alerts": [],
        "severities": {"high": 3}, "read_at": timezone.now().isoformat(),
    }  # fmt: skip
    Dossier.objects.update(security=[kept])
    (source,) = document(sam)["parts"]["security"]["data"]["sources"]
    assert source["open_count"] == 3


def test_the_same_knowledge_gives_the_same_bytes(rich: Api, sam: User) -> None:
    assert read(sam, "evidence.json") == read(sam, "evidence.json")


def test_the_digests_are_those_of_the_canonical_json(rich: Api, sam: User) -> None:
    told = document(sam)
    parts = {"release": told["release"], **told["parts"]}
    for name, data in parts.items():
        canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert told["sha256"][name] == hashlib.sha256(canonical.encode()).hexdigest()
    before = told["sha256"]["record"]
    assert before in read(sam, "record.md")
    assert before in read(sam, "record/")
    KnownIssue.add(
        rich.new, title="Slow", severity="low", description="", url="", by=ADA, now=timezone.now()
    )
    assert document(sam)["sha256"]["record"] != before


def test_the_change_record_tells_it_in_order(rich: Api, sam: User) -> None:
    text = read(sam, "record.md")
    for line in ("# Change record: api v1.1.0", "#7 feat: x, by ada: approved by rowan",
                 "Approved by Ben", "Promoted by Ben"):  # fmt: skip
        assert line in text
    titles = [line for line in text.splitlines() if line.startswith("## ")]
    assert titles[:3] == ["## Git range", "## Pull requests", "## Continuous integration"]


def test_who_takes_a_record_along_is_on_record(rich: Api, sam: User) -> None:
    digest = document(sam)["sha256"]["record"]
    read(sam, "record.md")
    found = AuditEvent.objects.filter(verb="evidence.export").order_by("id")
    assert [(each.actor, each.data["form"]) for each in found] == [
        ("Sam", "json"), ("Sam", "markdown"),
    ]  # fmt: skip
    assert found[0].data["sha256"] == digest


def test_an_edit_of_the_changelog_is_told_beside_the_generated_one(rich: Api, sam: User) -> None:
    EditedNotes.objects.create(
        project=rich.project, release=rich.new, text="Mine", generated="Theirs", by="Ada",
        at=timezone.now(),
    )  # fmt: skip
    edited = document(sam)["parts"]["history"]["data"]["edited_changelog"]
    assert (edited["by"], edited["text"], edited["generated"]) == ("Ada", "Mine", "Theirs")
    assert "as Ada wrote it" in read(sam)


def test_reading_again_is_for_those_who_may_and_keeps_what_is_known(
    rich: Api, sam: User, cleo: User
) -> None:
    assert signed_in(sam).post(f"{HERE}reading/").status_code == 403
    assert "Read again" not in read(sam)
    assert signed_in(cleo).post(f"{HERE}reading/")["Location"] == HERE
    dossier = Dossier.objects.get()
    assert (dossier.asked_by, dossier.is_complete) == ("Cleo", False)
    assert ReleasePull.objects.get().approved_by == ["rowan"]
    assert Poll.objects.filter(kind="evidence", scope="api").exists()


def test_hostile_links_are_not_followed(rich: Api, sam: User) -> None:
    results = [{"name": "<b>x</b>", "outcome": "passed", "url": "javascript:alert(1)"}]
    CheckSummary.objects.filter(sha=NEW_SHA).update(results=results)
    for page in ("", "record/", "record.md", "evidence.json"):
        text = read(sam, page)
        assert "javascript:" not in text
        assert "<script>" not in text.replace("hotfix <script>", "") or page == "evidence.json"


def test_the_log_of_a_build_is_text_for_who_may_read(rich: Api, sam: User, mallory: User) -> None:
    path = "/projects/api/builds/dpl_1.1.0/build.log"
    answer = signed_in(sam).get(path)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer.content == b"npm run build\nok"
    assert signed_in(mallory).get(path).status_code == 403


def test_a_long_log_is_shown_by_its_end_and_exported_whole(rich: Api, sam: User) -> None:
    BuildLog.objects.update(text="first\n" + "x" * 9_000)
    for page in ("", "record/"):
        assert "first\n" not in read(sam, page)
    (build,) = document(sam)["parts"]["build"]["data"]["builds"]
    assert build["log"]["text"].startswith("first")


def test_on_paper_times_are_said_in_full_and_there_is_nothing_to_press(
    rich: Api, cleo: User
) -> None:
    KnownIssue.add(
        rich.new, title="Slow", severity="low", description="", url="", by=ADA, now=timezone.now()
    )
    page = read(cleo, "record/")
    assert f"{timezone.now():%Y}, " in page
    assert "known-issues/" not in page
    assert '<details class="record-more" open>' in page
    assert "known-issues/" in read(cleo)


def test_the_evidence_of_an_archived_project_is_not_read_again(rich: Api, cleo: User) -> None:
    rich.project.archived_at = timezone.now()
    rich.project.save()
    assert signed_in(cleo).post(f"{HERE}reading/").status_code == 409
    assert not Poll.objects.filter(kind="evidence").exists()
