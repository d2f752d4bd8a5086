"""The text of a token."""

import string

import pytest

from agentmesh_release.core import token_text


def test_no_two_are_alike_and_all_are_recognisable() -> None:
    drawn = {token_text.draw() for _ in range(200)}
    assert len(drawn) == 200
    assert all(text.startswith("amr_") and len(text) == 50 for text in drawn)


def test_its_secret_part_has_more_than_160_bits() -> None:
    assert len(string.digits + string.ascii_letters) ** 32 > 2**160


def test_what_may_be_seen_is_its_beginning() -> None:
    text = token_text.draw()
    assert text.startswith(f"amr_{token_text.handle_of(text)}")


@pytest.mark.parametrize("position", range(4, 50))
def test_a_typo_anywhere_is_no_token(position: int) -> None:
    text = token_text.draw()
    other = "x" if text[position] != "x" else "y"
    assert token_text.handle_of(text[:position] + other + text[position + 1 :]) == ""


@pytest.mark.parametrize("text", ["", "amr_", "Bearer", "amr_" + "0" * 47, "amr_\0", "ß" * 50])
def test_what_has_another_form_is_no_token(text: str) -> None:
    assert token_text.handle_of(text) == ""
