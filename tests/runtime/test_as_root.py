"""What only root can try: it drops its rights for PostgreSQL, and opens nobody's directories. An
ordinary user does not collect this file (see conftest.py)."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentmesh_release.runtime import binaries, tether
from agentmesh_release.runtime.account import unprivileged
from agentmesh_release.runtime.postgres import prepare, short_directory
from tests.conftest import free_port
from tests.house import House, can_be


@pytest.fixture
def private() -> Iterator[Path]:
    """A directory that only root may enter, as `mktemp -d` makes them."""
    made = short_directory("private-")
    yield made
    shutil.rmtree(made)


@pytest.fixture
def sockets() -> Iterator[Path]:
    made = short_directory()
    yield made
    made.rmdir()


def test_privileges_are_dropped_for_good() -> None:
    command = [sys.executable, tether.__file__, str(os.getpid()), "9", "65534:65534"]
    # /bin/sh, since the user may not reach this interpreter
    told = subprocess.run(
        [*command, "/bin/sh", "-c", "id -u; id -g; id -G"], capture_output=True, text=True
    )
    assert told.stdout.split() == ["65534", "65534", "65534"]


def test_a_private_checkout_is_not_opened(private: Path, sockets: Path) -> None:
    cluster = prepare(private / "var" / "postgres", "test-private", sockets)
    assert cluster.account is not None
    assert cluster.account.reaches(cluster.data.parent)
    assert cluster.data.parent.parent == binaries.outside()
    assert private.stat().st_mode & 0o777 == 0o700
    cluster.data.parent.rmdir()


def test_programs_in_a_private_place_are_copied_to_where_they_can_run(
    private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = binaries.packaged().parent.parent
    for source in (package, package.with_name(package.name + ".libs")):
        shutil.copytree(source, private / source.name, ignore=shutil.ignore_patterns("pginstall"))
    monkeypatch.setattr(
        binaries, "packaged", lambda: private / package.name / binaries.INSTALL / "bin"
    )
    account = unprivileged()
    assert account is not None
    programs = binaries.reachable_by(account)
    for program in ("initdb", "postgres"):
        said = subprocess.run(
            [programs / program, "--version"], user=account.uid, capture_output=True, text=True
        )
        assert f"(PostgreSQL) {binaries.MAJOR}." in said.stdout


def test_what_an_ordinary_user_began_goes_on_as_that_user(tmp_path: Path, sockets: Path) -> None:
    home = tmp_path / "postgres"
    home.mkdir(mode=0o700)
    os.chown(home, 1, 1)
    account = prepare(home, "test-other", sockets).account
    assert account is not None
    assert account.uid == sockets.stat().st_uid == 1


if can_be("nobody"):  # they reach Python and the checkout

    def test_an_ordinary_user_has_a_house_too(tmp_path_factory: pytest.TempPathFactory) -> None:
        place = tmp_path_factory.mktemp("ordinary")
        for directory in (place, *place.parents[:2]):
            directory.chmod(0o777)
        house = House(place / "var", free_port())
        house.start("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")
        try:
            assert house.is_ready()
            assert house.stop() == 0
            assert house.left() == []
        finally:
            house.close()
