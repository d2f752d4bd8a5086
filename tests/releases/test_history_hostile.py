"""A repository that wants to run something: reading it runs nothing."""

import os
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from releases.history import HistoryUnreadable, read_history
from tests.releases.repositories import Drawing, git

PROGRAMS = """
[core]
    fsmonitor = {run}
    hooksPath = {hooks}
    pager = {run}
    sshCommand = {run}
    askPass = {run}
    editor = {run}
    alternateRefsCommand = {run}
    gitProxy = {run}
[alias]
    log = !{run}
    for-each-ref = !{run}
    rev-parse = !{run}
[pager]
    log = {run}
    for-each-ref = {run}
[log]
    showSignature = true
    follow = true
    mailmap = true
[gpg]
    program = {run}
[gpg "ssh"]
    program = {run}
[diff]
    external = {run}
[diff "x"]
    textconv = {run}
    command = {run}
[credential]
    helper = !{run}
[protocol]
    allow = always
[protocol "ext"]
    allow = always
[uploadpack]
    packObjectsHook = {run}
[filter "x"]
    clean = {run}
    smudge = {run}
    process = {run}
[notes]
    displayRef = refs/notes/*
[format]
    pretty = oneline
[extensions]
    partialClone = origin
[remote "origin"]
    url = ext::{run}
    promisor = true
    uploadpack = {run}
"""


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A program that leaves a mark beside itself when it runs."""
    program = tmp_path / "trap"
    program.write_text(f"#!/bin/sh\ntouch '{tmp_path}/sprung'\n")
    program.chmod(0o755)
    return program


@pytest.fixture
def hostile(tmp_path: Path, trap: Path) -> Path:
    """A checkout with every program that a configuration can name, and a signed commit."""
    bare = Drawing(tmp_path / "bare.git")
    bare.commit("feat: a")
    bare.tag("v1.0.0")
    git(tmp_path, "clone", "--quiet", str(bare.make()), "hostile")
    path = tmp_path / "hostile"
    (path / ".gitattributes").write_text("* diff=x filter=x\n")
    _add_signed_commit(path)
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("reference-transaction", "post-index-change", "fsmonitor-watchman"):
        (hooks / name).symlink_to(trap)
        (path / ".git" / "hooks" / name).symlink_to(trap)
    with (path / ".git" / "config").open("a") as config:
        config.write(PROGRAMS.format(run=trap, hooks=hooks))
    return path


def _add_signed_commit(path: Path) -> None:
    text = git(path, "cat-file", "commit", "HEAD")
    signed = text.replace(
        "\n\n",
        "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n",
        1,
    )
    sha = git(path, "hash-object", "-t", "commit", "-w", "--stdin", stdin=f"{signed}\n".encode())
    git(path, "update-ref", "refs/heads/main", sha)


def test_it_is_read_and_nothing_of_it_runs(hostile: Path, trap: Path) -> None:
    history = read_history(hostile)
    assert [commit.message for commit in history.commits()] == ["feat: a", "feat: a"]
    assert [tag.name for tag in history.tags] == ["v1.0.0"]
    assert not trap.with_name("sprung").exists()


def test_the_trap_would_spring_without_our_guards(hostile: Path, trap: Path) -> None:
    """Proves that the test above tests something."""
    git(hostile, "--paginate", "log", "--format=%G?")
    assert trap.with_name("sprung").exists()


def test_what_a_partial_clone_lacks_is_not_fetched(hostile: Path, trap: Path) -> None:
    gone = git(hostile, "rev-parse", "v1.0.0")
    pack = hostile / ".git" / "objects"
    for file in [*pack.rglob("*.pack"), *pack.rglob("*.idx"), pack / gone[:2] / gone[2:]]:
        file.unlink(missing_ok=True)
    with pytest.raises(HistoryUnreadable):
        list(read_history(hostile).commits())
    assert not trap.with_name("sprung").exists()
    with suppress(subprocess.CalledProcessError):
        git(hostile, "cat-file", "-p", gone)
    assert trap.with_name("sprung").exists(), "the trap does not work, so this proves nothing"


def test_replaced_and_grafted_history_is_not_believed(tmp_path: Path) -> None:
    bare = Drawing(tmp_path / "bare.git")
    bare.commit("feat: a")
    bare.commit("fix: b")
    path = bare.make()
    git(path, "replace", git(path, "rev-parse", "main"), git(path, "rev-parse", "main~1"))
    (path / "info").mkdir(exist_ok=True)
    (path / "info" / "grafts").write_text(git(path, "rev-parse", "main") + "\n")
    assert [commit.message for commit in read_history(path).commits()] == ["fix: b", "feat: a"]


def test_the_environment_of_our_process_does_not_leak_in(
    tmp_path: Path, trap: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = Drawing(tmp_path / "bare.git")
    bare.commit("feat: a")
    monkeypatch.setenv("GIT_DIR", "/nonexistent")
    monkeypatch.setenv("GIT_PAGER", str(trap))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.fsmonitor")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(trap))
    monkeypatch.setenv("GIT_TRACE", str(tmp_path / "trace"))
    path = bare.make()
    assert len(list(read_history(path).commits())) == 1
    assert not trap.with_name("sprung").exists()
    assert not (tmp_path / "trace").exists()


def test_a_repository_of_another_user_is_read(tmp_path: Path) -> None:
    bare = Drawing(tmp_path / "bare.git")
    bare.commit("feat: a")
    path = bare.make()
    if os.geteuid() == 0:  # nobody else can make a repository of someone else
        for file in (path, *path.rglob("*")):
            os.chown(file, 12_345, 12_345)
    assert len(list(read_history(path).commits())) == 1
