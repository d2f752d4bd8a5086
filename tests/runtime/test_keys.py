"""Secrets are made once and readable by their owner alone."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from agentmesh_release.runtime.keys import secret


def test_a_secret_stays_the_same(tmp_path: Path) -> None:
    assert secret(tmp_path / "secrets" / "key") == secret(tmp_path / "secrets" / "key")


def test_a_secret_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "key"
    secret(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_two_secrets_differ(tmp_path: Path) -> None:
    assert secret(tmp_path / "one") != secret(tmp_path / "two")


def test_two_who_make_it_at_once_get_the_same_one(tmp_path: Path) -> None:
    barrier = Barrier(8)

    def make(_: int) -> str:
        barrier.wait()
        return secret(tmp_path / "key")

    with ThreadPoolExecutor(8) as people:
        assert len(set(people.map(make, range(8)))) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
