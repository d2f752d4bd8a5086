"""`manage.py up`, as its users start, kill and stop it. The tests of this file share one house and
go from its first start to its last."""

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import free_port
from tests.house import House
from tests.servers import databases
from tests.watching import gone, soon


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house in a path with spaces, on a port that is busy when it first starts."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        made = House(tmp_path_factory.mktemp("a house") / "its var", server.getsockname()[1])
        made.start()
    yield made
    made.close()


def test_it_gets_ready_on_the_next_free_port_and_says_so(house: House) -> None:
    wanted, used = int(house.environment["PORT"] or 0), int(house.url.rsplit(":", 1)[1])
    assert used > wanted
    assert f"Port {wanted} is busy; using {used}." in house.told.lines


def test_it_answers_by_name_whatever_that_resolves_to(house: House) -> None:
    assert house.get("/livez", "127.0.0.1") == 200
    assert house.get("/livez", "localhost") == 200


def test_it_says_how_to_sign_in(house: House) -> None:
    house.told.until("Sign in with one click as Ada")


def test_a_second_start_in_the_same_checkout_is_refused(house: House) -> None:
    second = house.run()
    second.until(f"already runs in this checkout as process .*, at {house.url}")
    assert second.process.wait(10) == 1
    assert house.is_ready()


def test_commands_work_in_another_shell(house: House) -> None:
    told = house.manage("verify_audit")
    told.until("The audit log is as it was written")
    assert told.process.wait(20) == 0


def test_secrets_are_readable_by_their_owner_alone(house: House) -> None:
    secrets = [*house.place.secrets.iterdir(), house.place.embedded_env]
    assert len(secrets) >= 7
    assert {path.stat().st_mode & 0o777 for path in secrets} == {0o600}


@pytest.mark.parametrize("room", ["web", "worker", "beat", "sandbox", "postgres"])
def test_a_killed_process_comes_back(house: House, room: str) -> None:
    killed = house.rooms(room)[0]
    killed.kill()
    house.told.until(f"{room} .*was killed by SIGKILL; starting again")
    assert soon(lambda: bool(house.rooms(room)) and killed not in house.rooms(room))
    assert soon(house.is_ready, 30)


def test_a_killed_web_worker_is_replaced_and_nobody_is_refused(house: House) -> None:
    house.rooms("web")[-1].kill()
    assert house.get("/livez") == 200


def test_its_web_worker_goes_with_its_killed_master(house: House) -> None:
    master, *workers = house.rooms("web")
    master.kill()
    assert soon(lambda: all(gone(worker.pid) for worker in workers))
    assert soon(house.is_ready, 30)


def test_nothing_is_left_when_it_is_killed_itself(house: House) -> None:
    house.told.process.kill()
    house.told.process.wait()
    assert soon(lambda: house.left() == [])
    with socket.create_server(("127.0.0.1", int(house.url.rsplit(":", 1)[1]))):
        pass  # nobody listens there any more


def test_it_starts_again_after_that_and_stops_when_asked(house: House) -> None:
    house.start()
    sockets = house.place.sockets.resolve()
    assert house.stop() == 0
    assert house.told.lines[-1] == "Stopped."
    assert house.left() == []
    assert not sockets.exists()


def test_ctrl_c_while_it_starts_stops_it(house: House) -> None:
    told = house.run()
    told.until("database system is ready")
    told.process.send_signal(signal.SIGINT)
    assert told.process.wait(60) == 0
    assert house.left() == []


@pytest.mark.parametrize("repo", ["/nowhere", "relative/nowhere"])
def test_a_repository_that_does_not_exist_is_refused(tmp_path: Path, repo: str) -> None:
    told = House(tmp_path, free_port(), REPO=repo).run()
    told.until(f"REPO={repo} does not exist")
    assert told.process.wait(20) == 1


def test_a_database_that_does_not_answer_is_named(tmp_path: Path) -> None:
    house = House(tmp_path / "var", free_port(), DATABASE_URL="postgresql://me:hush@127.0.0.1:1/db")
    told = house.run()
    told.until("could not start: .*127.0.0.1")
    assert told.process.wait(20) == 1
    assert "hush" not in "\n".join(told.lines)


def test_a_real_world_on_given_services_has_nothing_embedded(
    tmp_path: Path, redis_url: str
) -> None:
    with databases("a_house") as url:
        house = House(
            tmp_path / "var", free_port(), WORLD="real", DATABASE_URL=url, REDIS_URL=redis_url
        )
        try:
            house.start()
            written = house.place.embedded_env.read_text()
            assert not {"APP_DATABASE_URL", "SANDBOX_URL", "BROKER_URL"} & set(names(written))
            assert not house.rooms("postgres")
            assert not house.rooms("sandbox")
            assert house.stop() == 0
            assert house.left() == []
        finally:
            house.close()


def names(written: str) -> list[str]:
    """The variables of an environment file."""
    return [line.partition("=")[0] for line in written.splitlines()]
