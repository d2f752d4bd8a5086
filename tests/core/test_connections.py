"""Who speaks to GitHub for a project: the token that it names, or else the App."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from agentmesh_release.core import connections
from agentmesh_release.core.models import World
from agentmesh_release.providers.errors import ProviderError
from tests.providers.payloads import REPO, SHA
from tests.providers.stub import Stub, reply
from tests.providers.test_github_app import key, pem

pytestmark = pytest.mark.django_db
BRANCH = f"/repos/{REPO}/branches/main"


@pytest.fixture
def api(settings: Settings) -> Iterator[Stub]:
    """A GitHub at which the App is installed, in a real world."""
    World.objects.create(id=1, kind="real", name="AgentMesh Cloud")
    stub = Stub()
    settings.GITHUB_API_URL = stub.url
    stub.route(f"/repos/{REPO}/installation", reply({"id": 7}))
    token = {"token": "ghs_1", "expires_at": "2099-01-01T00:00:00Z"}
    stub.route("/app/installations/7/access_tokens", reply(token, 201))
    stub.route(BRANCH, reply({"name": "main", "protected": False, "commit": {"sha": SHA}}))
    yield stub
    stub.close()


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_APP_ID", "42")
    monkeypatch.setenv("GITHUB_APP_PRIVATE_KEY", pem(key()))


def speaker(stub: Stub, repository: str = REPO) -> str:
    """The token that the branch was asked for with."""
    connections.github("THE_TOKEN", repository).repositories.branch(REPO, "main")
    return stub.seen[-1].headers["authorization"].removeprefix("Bearer ")


def test_a_token_that_is_set_comes_first(
    api: Stub, app: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THE_TOKEN", "ghp_mine")
    assert speaker(api) == "ghp_mine"


def test_without_a_token_the_app_speaks_and_fetches_one_token(api: Stub, app: None) -> None:
    assert [speaker(api), speaker(api)] == ["ghs_1", "ghs_1"]
    paths = [seen.path for seen in api.seen]
    assert len([path for path in paths if path.endswith("access_tokens")]) == 1


def test_blanks_are_no_token(api: Stub, app: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_TOKEN", "  ")
    assert speaker(api) == "ghs_1"


def test_a_token_that_is_changed_in_its_file_is_used_at_once(
    api: Stub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    monkeypatch.setenv("THE_TOKEN_FILE", str(file))
    for text in ("ghp_old\n", "ghp_new\n"):
        file.write_text(text)
        assert speaker(api) == text.strip()


def test_a_file_that_is_gone_does_not_make_the_app_speak(
    api: Stub, app: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("THE_TOKEN_FILE", str(tmp_path / "gone"))
    with pytest.raises(ProviderError, match="THE_TOKEN_FILE names cannot be read: No such file"):
        speaker(api)


def test_neither_is_said_with_what_to_set(api: Stub) -> None:
    with pytest.raises(ProviderError, match="set THE_TOKEN or THE_TOKEN_FILE"):
        speaker(api)


def test_an_app_without_a_key_is_said(
    api: Stub, app: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_APP_PRIVATE_KEY")
    with pytest.raises(ProviderError, match="GITHUB_APP_PRIVATE_KEY_FILE"):
        speaker(api)


def test_the_key_may_be_in_a_file(
    api: Stub, app: None, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = tmp_path_factory.mktemp("key") / "app.pem"
    place.write_text(pem(key()))
    monkeypatch.delenv("GITHUB_APP_PRIVATE_KEY")
    monkeypatch.setenv("GITHUB_APP_PRIVATE_KEY_FILE", str(place))
    assert speaker(api) == "ghs_1"
