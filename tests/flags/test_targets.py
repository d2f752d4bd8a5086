"""Setting targets up: as often as you like, and nothing is written that nobody asked for."""

import pytest
from django.core.management import call_command

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import Poll
from flags import targets
from flags.catalogue import API, ORDER
from flags.models import Confirmation, Switch, Target

from .conftest import URL_NAME

pytestmark = pytest.mark.django_db


def test_it_asks_the_target_all_three_switches() -> None:
    target = targets.ensure("api", "config_flags", URL_NAME)
    keys = target.confirmations.values_list("switch__key", flat=True)
    assert set(keys) == set(ORDER)
    assert Poll.objects.filter(kind="switches", scope=URL_NAME).exists()


def test_it_may_be_called_again() -> None:
    assert targets.ensure("api", "config_flags", URL_NAME) == targets.ensure(
        "api", "config_flags", URL_NAME
    )
    assert Confirmation.objects.count() == 3


def test_two_projects_on_one_database_share_its_target() -> None:
    targets.ensure("api", "config_flags", URL_NAME)
    assert targets.ensure("docs", "config_flags", URL_NAME).scope == ""
    assert targets.ensure("api", "config_flags", URL_NAME).scope == ""
    assert Target.objects.count() == 1


def test_nothing_is_written_while_all_is_on() -> None:
    targets.ensure("api", "config_flags", URL_NAME)
    assert not Confirmation.objects.owed().exists()


def test_a_new_target_is_told_what_is_off(api: Switch) -> None:
    api.turn_off(by=Actor("person", "Cleo", 3), reason="5xx")
    targets.ensure("api", "config_flags", URL_NAME)
    owed = Confirmation.objects.owed().get()
    assert (owed.switch.key, owed.number) == (API, 1)


def test_the_command_does_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("ensure_target", URL_NAME, "--project", "api")
    assert Target.objects.get().url_name == URL_NAME
    assert "config_flags of api" in capsys.readouterr().out
