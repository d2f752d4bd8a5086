"""Any git repository can be registered; its own files are never touched."""

import os
import subprocess
from pathlib import Path

import pytest

from .conftest import Registered, register
from .histories import History, git, usual
from .running import Running


def test_the_newest_version_is_live_and_the_head_is_staged(shown: Registered) -> None:
    assert shown.facts["live"]["tag"] == "v1.2.0"
    assert shown.facts["repository"] == "demo/shown"
    assert shown.facts["default_branch"] == "main"
    assert shown.facts["production_domain"] == "shown.example.com"
    assert shown.facts["prometheus_job"] == "shown"
    assert shown.live() == shown.facts["live"]["deployment"]
    newest = shown.deployments()[0]
    assert newest["meta"]["githubCommitSha"] == shown.facts["head"]


def test_a_demo_project_starts_with_the_bypass_closed(shown: Registered) -> None:
    assert shown.project()["autoAssignCustomDomains"] is False


def test_registering_twice_changes_nothing(project: Registered, history: Path) -> None:
    body = {"path": str(history), "name": project.name}
    answer = project.sandbox.ask("POST", "/_control/repositories", body)
    assert (answer.status, answer.body) == (200, project.facts)
    assert len(project.journal(kind="repository_registered")) == 1


def test_a_name_belongs_to_one_path(project: Registered, tmp_path: Path) -> None:
    body = {"path": str(tmp_path), "name": project.name}
    answer = project.sandbox.ask("POST", "/_control/repositories", body)
    assert answer.status == 422
    assert "is already the repository at" in answer.body["error"]


def test_the_source_is_never_written_to(sandbox: Running, tmp_path: Path) -> None:
    source = usual().write(tmp_path / "source")
    (source / "work.txt").write_text("not committed\n")

    def picture() -> dict[str, tuple[int, int, int]]:
        found = {}
        for path in sorted(source.rglob("*")):
            seen = path.lstat()
            found[str(path)] = (seen.st_mtime_ns, seen.st_ctime_ns, seen.st_nlink)
        return found

    before = picture()
    project = register(sandbox, source)
    project.act("commits", subject="into the clone")
    project.act("repositories/refresh")
    sandbox.get(f"{project.github}/commits")
    assert picture() == before


def test_a_refresh_brings_what_is_new(sandbox: Running, tmp_path: Path) -> None:
    source = usual().write(tmp_path / "source")
    project = register(sandbox, source)
    git(
        source,
        "-c",
        "user.name=Ada",
        "-c",
        "user.email=a@example.com",
        "commit",
        "--quiet",
        "--allow-empty",
        "-m",
        "fix: later",
    )
    git(source, "tag", "v2.0.0")
    answer = sandbox.ask("POST", f"/_control/repositories/{project.name}/refresh", {})
    assert answer.body["head"] == git(source, "rev-parse", "HEAD")
    newest = project.deployments()[0]
    assert newest["meta"]["githubCommitSha"] == answer.body["head"]
    assert sandbox.get(f"{project.github}/commits/v2.0.0")["sha"] == answer.body["head"]
    assert project.journal(kind="repository_refreshed")[0]["detail"]["refs"]


def test_a_refresh_keeps_what_landed_here(sandbox: Running, tmp_path: Path) -> None:
    source = usual().write(tmp_path / "source")
    project = register(sandbox, source)
    landed = project.act("commits", subject="here")["sha"]
    project.act("repositories/refresh")
    assert sandbox.get(f"{project.github}/commits?per_page=1")[0]["sha"] == landed
    git(
        source,
        "-c",
        "user.name=Ada",
        "-c",
        "user.email=a@example.com",
        "commit",
        "--quiet",
        "--allow-empty",
        "-m",
        "fix: there",
    )
    project.act("repositories/refresh")
    newest = sandbox.get(f"{project.github}/commits?per_page=10")
    assert {landed, git(source, "rev-parse", "HEAD")} <= {one["sha"] for one in newest}
    assert len(newest[0]["parents"]) == 2


def test_a_refresh_of_nothing_new_says_nothing(project: Registered) -> None:
    project.act("repositories/refresh")
    assert project.journal(kind="repository_refreshed") == []


def test_an_empty_repository_is_taken(sandbox: Running, tmp_path: Path) -> None:
    source = History().write(tmp_path / "empty")
    project = register(sandbox, source)
    assert (project.facts["head"], project.facts["live"]) == (None, None)
    for path in ("commits", "commits/main"):
        answer = sandbox.ask("GET", f"{project.github}/{path}")
        assert (answer.status, answer.body["message"]) == (409, "Git Repository is empty.")
    assert sandbox.ask("GET", f"{project.github}/contents").status == 404
    assert sandbox.get(f"{project.github}/branches") == sandbox.get(f"{project.github}/pulls") == []
    assert project.deployments() == []
    assert project.value(f'up{{job="{project.name}"}}') is None
    assert sandbox.ask("GET", f"/_control/?project={project.name}").status == 200


def test_the_first_commit_may_land_here(sandbox: Running, tmp_path: Path) -> None:
    project = register(sandbox, History().write(tmp_path / "empty"))
    landed = project.act("commits", subject="begin")
    assert sandbox.get(f"{project.github}/branches/main")["commit"]["sha"] == landed["sha"]
    assert project.ready(landed["deployment"])["readySubstate"] == "STAGED"
    assert project.promote(landed["deployment"]) == 201
    assert project.job_ends() == "succeeded"


def test_without_tags_an_earlier_commit_is_live(sandbox: Running, tmp_path: Path) -> None:
    history = History()
    for number in range(20):
        history.commit(f"fix: {number}")
    project = register(sandbox, history.write(tmp_path / "untagged"))
    substates = [one["readySubstate"] for one in project.deployments()]
    assert substates == ["STAGED"] * 8 + ["PROMOTED"] * 2
    assert project.facts["live"]["tag"] is None


def test_one_commit_is_live_and_nothing_is_staged(sandbox: Running, tmp_path: Path) -> None:
    history = History()
    history.commit("feat: all of it")
    project = register(sandbox, history.write(tmp_path / "one"))
    assert [one["readySubstate"] for one in project.deployments()] == ["PROMOTED"]


def test_a_tag_on_the_head_is_live(sandbox: Running, tmp_path: Path) -> None:
    history = usual()
    history.tag("v2.0.0")
    project = register(sandbox, history.write(tmp_path / "tagged"))
    assert project.facts["live"]["sha"] == project.facts["head"]
    assert "STAGED" not in {one["readySubstate"] for one in project.deployments()}


def test_versions_are_compared_as_versions(sandbox: Running, tmp_path: Path) -> None:
    history = History()
    for tag in ("v1.9.0", "v1.10.0", "v1.10.1-rc.1", "v1.2.3.4", "01.20.0", "v2", "release-9.9.9"):
        history.commit(f"feat: {tag}")
        history.tag(tag)
    project = register(sandbox, history.write(tmp_path / "versions"))
    assert project.facts["live"]["tag"] == "v1.10.0"


def test_a_tag_of_another_line_is_not_live(sandbox: Running, tmp_path: Path) -> None:
    history = usual()
    history.commit("feat: aside", branch="next", start=1)
    history.tag("v9.0.0")
    project = register(sandbox, history.write(tmp_path / "lines"))
    assert project.facts["live"]["tag"] == "v1.2.0"


def test_a_shallow_clone_is_taken(sandbox: Running, tmp_path: Path, history: Path) -> None:
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth", "2", f"file://{history}", str(shallow))
    project = register(sandbox, shallow)
    commits = sandbox.get(f"{project.github}/commits")
    assert len(commits) == 2
    assert commits[-1]["parents"] == []
    assert project.act("commits", subject="on top")["sha"]
    assert len(sandbox.get(f"{project.github}/commits")) == 3


def test_a_partial_clone_is_taken(sandbox: Running, tmp_path: Path, history: Path) -> None:
    partial = tmp_path / "partial"
    git(history, "config", "uploadpack.allowFilter", "true")
    git(
        tmp_path,
        "clone",
        "--quiet",
        "--bare",
        "--filter=blob:none",
        f"file://{history}",
        str(partial),
    )
    project = register(sandbox, partial)
    found = sandbox.get(f"{project.github}/commits/main")
    assert [one["filename"] for one in found["files"]] == ["README.md"]
    assert sandbox.get(f"{project.github}/contents")[0]["name"] == "README.md"
    assert sandbox.ask("GET", f"{project.github}/contents/README.md").status == 500
    assert project.act("commits", subject="on top")["sha"]


def test_a_detached_head_gets_a_branch(sandbox: Running, tmp_path: Path, history: Path) -> None:
    detached = tmp_path / "detached"
    git(tmp_path, "clone", "--quiet", str(history), str(detached))
    git(detached, "checkout", "--quiet", "--detach", "v1.1.0")
    git(detached, "branch", "-D", "main")
    project = register(sandbox, detached)
    assert project.facts["default_branch"] == "main"
    assert project.facts["head"] == git(detached, "rev-parse", "HEAD")


def test_the_trunk_is_what_origin_says(sandbox: Running, tmp_path: Path, history: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(history), str(clone))
    git(clone, "checkout", "--quiet", "-b", "work-of-mine")
    assert register(sandbox, clone).facts["default_branch"] == "main"


def test_a_worktree_is_taken(sandbox: Running, tmp_path: Path, history: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(history), str(clone))
    git(clone, "worktree", "add", "--quiet", "-b", "aside", str(tmp_path / "tree"), "v1.1.0")
    assert register(sandbox, tmp_path / "tree").facts["head"]


def test_a_path_with_spaces_is_taken(sandbox: Running, tmp_path: Path) -> None:
    assert register(sandbox, usual().write(tmp_path / "with some spaces")).facts["head"]


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root can give files away.")
def test_a_repository_of_another_user_is_taken(sandbox: Running, tmp_path: Path) -> None:
    source = usual().write(tmp_path / "theirs")
    subprocess.run(["chown", "-R", "65534:65534", str(source)], check=True)
    assert register(sandbox, source).facts["head"]


@pytest.mark.parametrize("kind", ["file", "directory", "broken", "relative"])
def test_what_is_no_repository_is_refused(sandbox: Running, tmp_path: Path, kind: str) -> None:
    place = tmp_path / kind
    if kind == "file":
        place.write_text("no")
    elif kind == "broken":
        usual().write(place)
        (place / ".git" / "HEAD").write_text("rubbish")
    else:
        place.mkdir()
    path = "relative" if kind == "relative" else str(place)
    body = {"path": path, "name": f"not-{kind}"}
    answer = sandbox.ask("POST", "/_control/repositories", body)
    assert answer.status == 422
    assert path in answer.body["error"]
    assert sandbox.ask("GET", f"/github/repos/demo/not-{kind}").status == 404


def test_hooks_and_settings_of_a_source_do_not_run(sandbox: Running, tmp_path: Path) -> None:
    source = usual().write(tmp_path / "trap")
    sprung = tmp_path / "sprung"
    for name in ("post-checkout", "reference-transaction", "pre-commit", "post-update"):
        hook = source / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {sprung}\n")
        hook.chmod(0o755)
    for key in ("core.fsmonitor", "uploadpack.packObjectsHook", "core.sshCommand", "core.pager"):
        git(source, "config", key, f"touch {sprung}")
    project = register(sandbox, source)
    project.act("commits", subject="on top")
    project.act("repositories/refresh")
    assert not sprung.exists()
