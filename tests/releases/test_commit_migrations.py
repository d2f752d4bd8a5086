"""Which migrations a commit has: what could not be read of them is never taken for none."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from agentmesh_release.providers.errors import ProviderError
from releases.evidence.migrations import in_repository
from releases.models import Project
from tests.providers.stub import Stub, reply

pytestmark = pytest.mark.django_db
FOLDER = "/repos/acme/api/contents/prisma/migrations"
SHA = "a" * 40


@pytest.fixture
def stub() -> Iterator[Stub]:
    server = Stub()
    yield server
    server.close()


@pytest.fixture
def project(settings: Settings, stub: Stub, monkeypatch: pytest.MonkeyPatch) -> Project:
    settings.GITHUB_API_URL = stub.url
    monkeypatch.setenv("GITHUB_TOKEN", f"of-{stub.port}")
    return Project.objects.create(slug="api", name="api", repository="acme/api")


def test_without_the_folder_there_are_none(stub: Stub, project: Project) -> None:
    stub.route(FOLDER, reply({"message": "Not Found"}, 404))
    assert in_repository(project, SHA) == []


def test_a_migration_whose_file_is_missing_leaves_all_of_them_unknown(
    stub: Stub, project: Project
) -> None:
    entry = {"name": "1_runs", "path": "prisma/migrations/1_runs", "type": "dir", "sha": "1" * 40}
    stub.route(FOLDER, reply([entry]))
    stub.route(f"{FOLDER}/1_runs/migration.sql", reply({"message": "Not Found"}, 404))
    with pytest.raises(ProviderError, match="prisma/migrations/1_runs has no"):
        in_repository(project, SHA)
