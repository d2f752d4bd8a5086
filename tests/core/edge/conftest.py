from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import environment
from tests.core.edge.wire import Server, serving, wait_until

HOUSE = "tests.core.edge.house:application"


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The small house of `house.py`, behind no proxy."""
    environment.wait_for_database()
    with serving(HOUSE, tmp_path_factory.mktemp("house")) as server:
        wait_until(lambda: server.get("/is-lost").text == "False")
        yield server


@pytest.fixture
def own_house(tmp_path: Path) -> Iterator[Server]:
    """The same for one test alone."""
    environment.wait_for_database()
    with serving(HOUSE, tmp_path) as server:
        wait_until(lambda: server.get("/is-lost").text == "False")
        yield server


@pytest.fixture
def proxied_house(tmp_path: Path) -> Iterator[Server]:
    """The same, told that 127.0.0.1 and 10.0.0.0/8 are proxies."""
    environment.wait_for_database()
    with serving(HOUSE, tmp_path, HOUSE_PROXIES="127.0.0.1 10.0.0.0/8") as server:
        yield server
