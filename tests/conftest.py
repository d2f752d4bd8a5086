"""The environment of every test, the cast, and the tools that only some tests need."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Generator, Iterator

import django
import pytest
from django.conf import settings

from agentmesh_release.runtime.postgres import tethered
from tests import environment, flushing, tools

environment.prepare()
flushing.empty_only_what_is_filled()
settings.STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
django.setup()  # the rooms' own conftest files name models

pytest_plugins = ["tests.cast", "tests.releases.sandboxed"]
MAY_SKIP = "contracts"
# They start whole houses or a browser, for half a minute: nobody should still be at it at the end.
LONG = ("test_up.py", "test_worker.py", "sandbox/", "test_import_large.py", "browser/")


def pytest_report_header() -> list[str]:
    return tools.missing()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not any(long in str(item.path) for long in LONG))


def pytest_unconfigure() -> None:
    environment.end()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and not item.get_closest_marker(MAY_SKIP):
        _forbid_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped:
        _forbid_skip(report)
    return report


def _forbid_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """With CI=true a skip is a failure: everything can be installed there."""
    if os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"Nothing may skip in CI: {report.longrepr}"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    environment.wait_for_database()


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis or Valkey of our own, or the one that TEST_REDIS_URL names."""
    if given := os.environ.get("TEST_REDIS_URL"):
        yield given
        return
    program = tools.need("Redis or Valkey")
    port = free_port()
    server = subprocess.Popen(
        tethered(
            [
                program,
                "--port",
                str(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--daemonize",
                "no",
            ],
            orphaned=signal.SIGKILL,
        ),
        cwd=tmp_path_factory.mktemp("redis"),
        stdout=subprocess.DEVNULL,
    )
    _until_listening(port)
    yield f"redis://127.0.0.1:{port}/0"
    server.terminate()
    server.wait(10)


def free_port() -> int:
    """A loopback port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _until_listening(port: int, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError(f"Nothing listens on port {port} after {seconds} s.")
