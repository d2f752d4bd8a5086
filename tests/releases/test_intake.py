"""Reports over the API: read, kept once, refused with a sentence."""

import hashlib
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import AuditEvent, Event, User
from releases import intake
from releases.models import Artifact
from releases.projects.archiving import archive
from tests.at_once import at_once
from tests.programs import Program, problem_of, program
from tests.releases.conftest import NEW_SHA, Api

JUNIT = b'<testsuite name="unit" tests="2"><testcase name="a"/><testcase name="b"/></testsuite>'
pytestmark = pytest.mark.django_db


@pytest.fixture
def robo(api: Api, ada: User) -> Program:
    return program(ada, "reports:write")


def test_a_report_is_read_and_kept_as_it_was_sent(robo: Program, api: Api) -> None:
    answer = robo.send(JUNIT, name="unit", run_url="https://ci.example.com/runs/7")
    told = json.loads(answer.content)
    kept = Artifact.objects.with_bodies().get()
    assert answer.status_code == 201
    assert answer["Location"] == f"/api/v1/projects/api/artifacts/{kept.pk}"
    assert bytes(kept.body) == JUNIT
    assert told["digest"] == f"sha256:{hashlib.sha256(JUNIT).hexdigest()}"
    assert told["size"] == len(JUNIT)
    assert told["figures"]["tests"] == 2
    assert (kept.commit_sha, kept.name, kept.sent_by) == (NEW_SHA, "unit", "Robo (Ada's token)")


def test_it_is_on_record_and_the_house_hears_of_it(robo: Program, api: Api) -> None:
    with CaptureQueriesContext(connection) as queries:
        robo.send(JUNIT)
    kept = Artifact.objects.get()
    assert any(f"project:api release:{api.new.pk}" in query["sql"] for query in queries)
    assert AuditEvent.objects.get(verb="artifact.receive").subject == f"artifact:{kept.pk}"
    told = Event.objects.get(name="artifact.received").payload
    assert told == {"project": "api", "artifact": kept.pk, "kind": "tests", "commit": NEW_SHA}


def test_a_form_with_one_file_does_as_well(robo: Program) -> None:
    file = SimpleUploadedFile("junit-unit.xml", JUNIT, "text/xml")
    answer = robo.client.post(
        f"/api/v1/projects/api/reports?kind=tests&commit={NEW_SHA.upper()}", {"file": file}
    )
    kept = Artifact.objects.get()
    assert answer.status_code == 201
    assert (kept.name, kept.media_type, kept.commit_sha) == ("junit-unit.xml", "text/xml", NEW_SHA)


@pytest.mark.parametrize("names", [[], ["files"], ["file", "other"], ["file", "file"]])
def test_a_form_without_exactly_that_file_is_refused(robo: Program, names: list[str]) -> None:
    files: dict[str, list[Any]] = {}
    for name in names:
        files.setdefault(name, []).append(SimpleUploadedFile("a.xml", JUNIT, "text/xml"))
    answer = robo.client.post(
        f"/api/v1/projects/api/reports?kind=tests&commit={NEW_SHA}", files or {"a": ["b"]}
    )
    assert problem_of(answer, 422)["code"] == "no_file"


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "gossip"},
        {"commit": "b" * 7},
        {"commit": "b" * 41},
        {"commit": "z" * 40},
        {"commit": ""},
        {"name": "../../etc/passwd"},
        {"name": "x" * 201},
        {"run_url": "javascript:alert(1)"},
        {"run_url": "https://a b"},
        {"run_url": f"https://{'x' * 500}"},
    ],
)
def test_what_does_not_fit_is_named(robo: Program, asked: dict[str, str]) -> None:
    told = problem_of(robo.send(JUNIT, **asked), 422)
    assert [each["where"] for each in told["errors"]] == [f"query.{next(iter(asked))}"]
    assert not Artifact.objects.exists()


BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<testsuite><testcase name='&b;'/></testsuite>"
)
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><testsuite name="&a;"/>'


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("tests", b" "),
        ("tests", b"<testsuite>"),
        ("tests", b"<html/>"),
        ("tests", BOMB),
        ("tests", OUTSIDE),
        ("tests", b"\x00\x00"),
        ("tests", b"<a>" * 50_000),
        ("security", b"{"),
        ("security", b"[" * 100_000),
        ("security", b'{"runs": 7}'),
        ("performance", b"null"),
        ("bundle", b"\xff\xfe"),
        ("migrations", b"[]"),
        ("frontend-build", b"{}"),
        ("backend-build", b'{"tool": 1}'),
    ],
)
def test_what_cannot_be_read_is_refused_and_nothing_is_kept(
    robo: Program, kind: str, body: bytes
) -> None:
    media_type = "application/xml" if kind == "tests" else "application/json"
    told = problem_of(robo.send(body, media_type, kind=kind), 422)
    assert told["code"] == "unreadable"
    assert "root:" not in told["detail"]
    assert not Artifact.objects.exists()


def test_where_it_breaks_is_said(robo: Program) -> None:
    assert "line 2" in problem_of(robo.send(b"<testsuite>\n</wrong>"), 422)["detail"]


def test_null_characters_in_a_report_do_no_harm(robo: Program) -> None:
    body = b'{"tool": "tsc\\u0000", "warnings": 1}'
    answer = robo.send(body, "application/json", kind="backend-build")
    assert answer.status_code == 201
    assert Artifact.objects.get().summary["tool"] == "tsc\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        ("tests", "application/json"),
        ("security", "application/xml"),
        ("tests", "application/x-www-form-urlencoded"),
        ("file", "application/x-www-form-urlencoded"),
        ("tests", "nonsense"),
    ],
)
def test_another_media_type_is_refused(robo: Program, kind: str, media_type: str) -> None:
    told = problem_of(robo.send(JUNIT, media_type, kind=kind), 415)
    assert told["code"] == "wrong_media_type"


def test_an_encoded_body_is_refused(robo: Program) -> None:
    robo.client.defaults["HTTP_CONTENT_ENCODING"] = "gzip"
    assert problem_of(robo.send(JUNIT), 415)["code"] == "encoded"


@pytest.mark.parametrize("kind", ["migrations", "bundle"])
def test_each_kind_has_its_cap(robo: Program, kind: str) -> None:
    told = problem_of(robo.send(b" " * (intake.CAPS[kind] + 1), "application/json", kind=kind), 413)
    assert f"{intake.CAPS[kind]:,} bytes" in told["detail"]


def test_a_form_is_measured_by_its_file(robo: Program) -> None:
    path = f"/api/v1/projects/api/reports?kind=migrations&commit={NEW_SHA}"
    size = intake.CAPS["migrations"]
    for extra, status in ((1, 413), (0, 422)):
        file = SimpleUploadedFile("m.json", b" " * (size + extra), "application/json")
        problem_of(robo.client.post(path, {"file": file}), status)


def test_an_archived_project_takes_nothing_in(robo: Program, api: Api, ada: User) -> None:
    archive(api.project, by=Actor.person(ada), reason="Done.", now=timezone.now())
    assert problem_of(robo.send(JUNIT), 409)["code"] == "archived"


def test_there_is_a_cap_for_every_kind() -> None:
    assert intake.CAPS.keys() == set(Artifact.Kind.values)


def test_the_same_key_keeps_it_once_and_answers_the_same(robo: Program) -> None:
    first, again = robo.send(JUNIT, key="run-7"), robo.send(JUNIT, key="run-7")
    assert first.content == again.content
    assert (again.status_code, again["Idempotent-Replayed"]) == (201, "true")
    assert "Idempotent-Replayed" not in first
    assert Artifact.objects.count() == 1


@pytest.mark.parametrize(
    "other", [{"name": "e2e"}, {"commit": "c" * 40}, {"body": b"<testsuite/>"}]
)
def test_the_same_key_with_anything_else_is_refused(robo: Program, other: dict[str, Any]) -> None:
    robo.send(JUNIT, key="run-7")
    told = problem_of(robo.send(**{"body": JUNIT, **other}, key="run-7"), 422)
    assert told["code"] == "idempotency_key_reused"
    assert Artifact.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_under_one_key_are_one_row(api: Api, robo: Program) -> None:
    answers: list[Any] = []
    sends = 2 * [lambda: answers.append(robo.send(JUNIT, key="run-7"))]
    assert at_once(*sends) == ["done", "done"]
    assert {(each.status_code, each.content) for each in answers} == {(201, answers[0].content)}
    assert Artifact.objects.count() == 1


# Reading back


def test_there_is_no_list_of_a_project_that_is_not_there(api: Api, ada: User) -> None:
    reader = program(ada, "promotable:read")
    assert reader.get("/projects/apix/artifacts", commit=NEW_SHA).status_code == 404


def test_they_are_listed_by_commit_newest_first(api: Api, ada: User) -> None:
    robo = program(ada, "reports:write", "promotable:read")
    for name in ("unit", "e2e"):
        robo.send(JUNIT, name=name)
    robo.send(JUNIT, commit="c" * 40)
    listed = json.loads(robo.get("/projects/api/artifacts", commit=NEW_SHA).content)
    assert [each["name"] for each in listed] == ["e2e", "unit"]
    one = json.loads(robo.get(f"/projects/api/artifacts/{listed[0]['id']}").content)
    assert one == listed[0]
    assert robo.client.get(one["url"]).content == JUNIT


def test_whoever_reads_fetches_it_as_a_file_and_nothing_else(robo: Program, sam: User) -> None:
    robo.send(b"<script>alert(1)</script>", "text/html", kind="file", name="ü notes.html")
    robo.client.force_login(sam)
    answer = robo.client.get(f"/projects/api/artifacts/{Artifact.objects.get().pk}")
    assert answer.content == b"<script>alert(1)</script>"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Repr-Digest"].startswith("sha-256=:")
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_it_is_of_its_project_only(robo: Program, api: Api, sam: User) -> None:
    robo.send(JUNIT)
    api.project.pk, api.project.slug, api.project.created_at = None, "front", timezone.now()
    api.project.save(force_insert=True)
    robo.client.force_login(sam)
    pk = Artifact.objects.get().pk
    assert robo.client.get(f"/projects/front/artifacts/{pk}").status_code == 404
    assert robo.client.get(f"/projects/api/artifacts/{pk}").status_code == 200
