"""What the provider tests share: a server of their own, and clients that lose no time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import settings

from agentmesh_release.providers.answers import Vendor
from agentmesh_release.providers.appdb import AppDatabase
from agentmesh_release.providers.github import GitHub
from agentmesh_release.providers.http import Http, Repeats, Timeouts
from agentmesh_release.providers.vercel import Vercel
from tests.providers.databases import fresh_database, sql
from tests.providers.stub import Stub

# A busy machine is no counterexample.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")

TOKEN = "tok-en.of-Robo_1234567890"
QUICK = Timeouts(connect_s=1.0, read_s=0.4, total_s=1.5)


@pytest.fixture
def stub() -> Iterator[Stub]:
    """A server that says what the test wants it to say."""
    server = Stub()
    yield server
    server.close()


@pytest.fixture
def secure() -> Iterator[Stub]:
    """Such a server that speaks TLS, under a certificate that nobody trusts by itself."""
    server = Stub(tls=True)
    yield server
    server.close()


@pytest.fixture
def http(stub: Stub) -> Callable[..., Http]:
    """Makes clients of the stub as a vendor called Acme, impatient and with a token."""

    def make(**options: object) -> Http:
        defaults: dict[str, object] = {
            "headers": {"Authorization": f"Bearer {TOKEN}"},
            "secret": TOKEN,
            "timeouts": QUICK,
            "repeats": Repeats(int(options.pop("attempts", 3)), first_pause_s=0.02),  # type: ignore[call-overload]
        }
        vendor = options.pop("vendor", Vendor("Acme"))
        return Http(vendor, stub.url, **{**defaults, **options})  # type: ignore[arg-type]

    return make


@pytest.fixture
def github(stub: Stub) -> GitHub:
    """GitHub at the stub."""
    return GitHub(stub.url, TOKEN, timeouts=QUICK)


@pytest.fixture
def vercel(stub: Stub) -> Vercel:
    """Vercel at the stub, for a team."""
    return Vercel(stub.url, TOKEN, "team_agentmesh", timeouts=QUICK)


@pytest.fixture(scope="session")
def contracts() -> Path:
    """The vendors' contracts beside the checkout; skips the test where they are absent."""
    folder = Path(__file__).resolve().parents[2].parent / "shared" / "contracts"
    if not folder.is_dir():
        pytest.skip(f"the vendors' contracts are not at {folder}")
    return folder


@pytest.fixture(scope="module")
def module_url() -> Iterator[str]:
    with fresh_database() as url:
        yield url


@pytest.fixture
def url(module_url: str) -> Iterator[str]:
    """An empty database."""
    yield module_url
    sql(
        module_url,
        "DROP SCHEMA IF EXISTS supabase_migrations CASCADE",
        "DROP SCHEMA public CASCADE",
        "CREATE SCHEMA public",
    )


@pytest.fixture
def database(url: str) -> Iterator[AppDatabase]:
    """The client of that database."""
    with closing(AppDatabase(url)) as database:
        yield database
