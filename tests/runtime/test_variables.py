"""What is written for other shells is read back as it was."""

from pathlib import Path

import environ
import pytest

from agentmesh_release.runtime.place import Place
from agentmesh_release.runtime.variables import (
    Given,
    as_owner,
    of_keys,
    of_spool,
    of_webhooks,
    write,
)


@pytest.mark.parametrize(
    "value",
    ["plain", "two words", 'a "quoted" word', "it's", "back\\slash", "C:\\new", "#hash", "a=b"],
)
def test_a_value_survives_the_file(
    tmp_path: Path, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("A_VALUE", raising=False)
    write(tmp_path / "embedded.env", {"A_VALUE": value})
    environ.Env.read_env(str(tmp_path / "embedded.env"))
    assert environ.Env()("A_VALUE") == value
    monkeypatch.delenv("A_VALUE")


def test_the_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    write(tmp_path / "embedded.env", {"A": "b"})
    assert (tmp_path / "embedded.env").stat().st_mode & 0o777 == 0o600


def test_a_given_key_is_not_made(tmp_path: Path) -> None:
    place = Place(tmp_path, tmp_path / "var")
    made = of_keys(place, Given({"SECRET_KEY": "mine", "AUDIT_KEY_FILE": "/run/secrets/audit"}))
    assert made == {}
    assert not place.secrets.exists()


def test_a_given_file_is_read_without_its_newline(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://there/db\n")
    given = Given({"DATABASE_URL_FILE": str(tmp_path / "url")})
    assert given.has("DATABASE_URL")
    assert given.read("DATABASE_URL") == "postgresql://there/db"


def test_the_owner_migrates_even_where_the_url_came_from_a_file() -> None:
    given = Given({"DATABASE_URL_FILE": "/somewhere", "DATABASE_OWNER_URL": "postgresql://owner"})
    seen = as_owner({}, given)
    assert (seen["DATABASE_URL"], seen["DATABASE_URL_FILE"]) == ("postgresql://owner", "")


def test_the_spools_url_holds_a_path_with_spaces(tmp_path: Path) -> None:
    place = Place(tmp_path, tmp_path / "my var")
    assert of_spool(place) == f"spool://localhost{tmp_path}/my%20var/spool"


def test_a_demos_webhooks_are_signed_with_a_secret_of_their_own(tmp_path: Path) -> None:
    place = Place(tmp_path, tmp_path / "var")
    made = of_webhooks(place, Given({}))
    assert of_webhooks(place, Given({})) == made
    assert Path(made["GITHUB_WEBHOOK_SECRET_FILE"]).read_text().strip()
    assert of_webhooks(place, Given({"GITHUB_WEBHOOK_SECRET": "mine"})) == {}
