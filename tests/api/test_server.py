"""The API of a real web server: what the client library of a test would hide."""

import hashlib
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
import requests
import yaml
from django.db import connection

from agentmesh_release.core.models import User
from releases.models import Artifact, Project, Release
from releases.workflows import WORKFLOWS
from tests import tools
from tests.core.edge.wire import Server, serving, wait_until
from tests.programs import issued
from tests.providers.stub import Stub, reply
from tests.releases.imports import since_release

pytestmark = pytest.mark.django_db(transaction=True)
JUNIT = b'<testsuite name="unit" tests="1"><testcase name="a"/></testsuite>'
REPORTS = "/api/v1/projects/api/reports"
HEAD = "2".zfill(40)


@pytest.fixture(scope="module")
def house(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    name = connection.settings_dict["NAME"]
    url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
    folder = tmp_path_factory.mktemp("server")
    with serving("agentmesh_release.asgi:application", folder, DATABASE_URL=url) as server:
        yield server


@pytest.fixture
def project(demo_world: None) -> Project:
    return since_release("feat: one", "fix: two")


@pytest.fixture
def token(project: Project, ada: User) -> str:
    return issued(ada)[1]


def url_of(house: Server, path: str) -> str:
    return f"http://localhost:{house.port}{path}"


def test_a_large_file_arrives_whole(house: Server, token: str) -> None:
    body = os.urandom(20_000_000)
    answer = requests.post(
        url_of(house, f"{REPORTS}?kind=file&commit={HEAD}"),
        data=body,
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/zip"},
        timeout=30,
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["digest"] == f"sha256:{hashlib.sha256(body).hexdigest()}"


def test_a_large_form_arrives_whole(house: Server, token: str) -> None:
    body = os.urandom(8_000_000)
    answer = requests.post(
        url_of(house, f"{REPORTS}?kind=file&commit={HEAD}"),
        files={"file": ("build.zip", body, "application/zip")},
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
    )
    assert answer.status_code == 201, answer.text
    assert (answer.json()["name"], answer.json()["size"]) == ("build.zip", len(body))


@pytest.mark.parametrize(
    ("header", "status", "code"),
    [
        ("Content-Length: 100000000", 413, "too_large"),
        ("Transfer-Encoding: chunked", 411, "length_required"),
    ],
)
def test_what_is_refused_at_the_door_is_a_problem(
    house: Server, header: str, status: int, code: str
) -> None:
    answer = house.send(f"POST {REPORTS} HTTP/1.1", header, "Expect: 100-continue")
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (answer.status, told["status"], told["code"]) == (status, status, code)


def steps(workflow: str) -> list[dict[str, object]]:
    told = yaml.safe_load(next(each.text for each in WORKFLOWS if each.name == workflow))
    [job] = told["jobs"].values()
    found: list[dict[str, object]] = job["steps"]
    return found


def start(workflow: str, place: Path, **told: str) -> "subprocess.Popen[str]":
    """The script of a workflow's last step, as a runner starts it."""
    for name in ("curl", "jq"):
        tools.need(name)
    step = steps(workflow)[-1]
    assert isinstance(step["env"], dict)
    assert step["env"].keys() == told.keys()
    script = place / "step.sh"
    script.write_text(str(step["run"]))
    summary = {"GITHUB_STEP_SUMMARY": str(place / "summary.md"), "PAUSE": "0.1"}
    return subprocess.Popen(
        ["bash", "-e", str(script)],
        cwd=place,
        env={"PATH": os.environ["PATH"], **told, **summary},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def cutting(house: Server, token: str, place: Path, **told: str) -> "subprocess.Popen[str]":
    given = {
        "URL": url_of(house, "/api/v1/projects/api/releases"),
        "TOKEN": token,
        "BUMP": "major",
        "REASON": 'It is "time".',
        "HEAD_SHA": HEAD,
        "KEY": "cut-7",
    }
    return start("cut-release.yml", place, **{**given, **told})


def test_the_workflow_cuts_a_release_and_waits_until_it_is_published(
    house: Server, token: str, tmp_path: Path
) -> None:
    for _ in range(2):  # the second is another attempt of the same run
        run = cutting(house, token, tmp_path)
        wait_until(lambda: Release.objects.filter(version="2.0.0").exists(), 20)
        Release.objects.filter(version="2.0.0").update(state="published")
        said, _ = run.communicate(timeout=30)
        assert run.returncode == 0, said
        assert said.startswith("Released v2.0.0 at 0000000: http")
    assert Release.objects.count() == 2


def test_the_workflow_says_why_nothing_was_cut(house: Server, token: str, tmp_path: Path) -> None:
    run = cutting(house, token, tmp_path, BUMP="patch", REASON="")
    said, _ = run.communicate(timeout=30)
    assert run.returncode == 1
    assert "::error::The commits ask for a minor release; say why" in said


def test_the_workflow_sends_every_report_and_says_what_is_refused(
    house: Server, token: str, tmp_path: Path
) -> None:
    (tmp_path / "reports").mkdir()
    sent = {
        "tests-unit.xml": JUNIT,
        "tests.xml": b"<broken",
        "backend-build.json": json.dumps({"tool": "tsc", "warnings": 0}).encode(),
        'a, b; "é".txt': b"x",
    }
    (tmp_path / "reports" / "folder").mkdir()
    for name, body in sent.items():
        (tmp_path / "reports" / name).write_bytes(body)
    told = {"URL": url_of(house, REPORTS), "COMMIT": HEAD, "RUN_URL": "https://ci.example.com/7"}
    run = start("send-reports.yml", tmp_path, TOKEN=token, KEY="7-1", **told)
    said, _ = run.communicate(timeout=30)
    assert run.returncode == 1
    assert "::error::tests.xml: " in said
    assert dict(Artifact.objects.values_list("name", "kind")) == {
        "tests-unit.xml": "tests",
        "backend-build.json": "backend-build",
        'a, b; "é".txt': "file",
    }
    assert set(Artifact.objects.values_list("run_url", flat=True)) == {"https://ci.example.com/7"}


@pytest.fixture
def proxy() -> Iterator[Stub]:
    """Something in between that knows no JSON."""
    stub = Stub()
    stub.otherwise = lambda _seen: reply(body=b"<html>", status=403, content_type="text/html")
    yield stub
    stub.close()


def test_a_workflow_says_so_when_something_else_answers(proxy: Stub, tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    told = {"URL": proxy.url, "TOKEN": "x", "COMMIT": HEAD, "RUN_URL": "", "KEY": "7-1"}
    said, _ = start("send-reports.yml", tmp_path, **told).communicate(timeout=30)
    assert "There is no report to send." in said
    (tmp_path / "reports" / "tests.xml").write_bytes(JUNIT)
    said, _ = start("send-reports.yml", tmp_path, **told).communicate(timeout=30)
    assert "tests.xml: There was no answer that can be read (403)." in said
    told = {"URL": proxy.url, "TOKEN": "x", "BUMP": "auto", "REASON": "", "HEAD_SHA": "", "KEY": ""}
    said, _ = start("cut-release.yml", tmp_path, **told).communicate(timeout=30)
    assert "::error::There was no answer that can be read (403)." in said
