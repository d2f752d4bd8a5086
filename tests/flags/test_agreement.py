import pytest

from flags.agreement import agrees, is_off

SHOWN = {"enabled": True, "heading": "Back soon", "message": "We repair it."}


@pytest.mark.parametrize(
    "value", [None, {}, [], "enabled", 1, {"enabled": None}, {"enabled": 1}, {"enabled": "true"}]
)
def test_what_does_not_say_it_in_so_many_words_does_not_agree(value: object) -> None:
    assert not agrees({"enabled": True}, value)
    assert is_off(value) is None


def test_a_kill_switch_agrees_by_enabled_alone() -> None:
    assert agrees({"enabled": True}, {"enabled": True, "note": "the app's own"})
    assert not agrees({"enabled": True}, {"enabled": False})


def test_a_shown_message_has_to_be_ours() -> None:
    assert agrees(SHOWN, SHOWN)
    assert not agrees(SHOWN, {**SHOWN, "message": "An older one."})


def test_a_hidden_message_may_differ() -> None:
    assert agrees({**SHOWN, "enabled": False}, {"enabled": False, "message": "An older one."})
