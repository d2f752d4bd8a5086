"""From bytes to data that any database can keep."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.wire import clean, parse_json

# Every character there is, and those that are none: halves of surrogate pairs.
texts = st.text(st.characters(exclude_categories=[]))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_whatever_comes_can_be_stored(value: object) -> None:
    parsed = parse_json(json.dumps(value).encode(), vendor="Acme", status=200)
    stored = json.dumps(parsed, ensure_ascii=False).encode()
    assert b"\\u0000" not in stored


@given(values)
def test_cleaning_twice_is_cleaning_once(value: object) -> None:
    assert clean(clean(value)) == clean(value)


@given(st.binary(max_size=60))
def test_any_bytes_are_data_or_a_sentence(body: bytes) -> None:
    try:
        parse_json(body, vendor="Acme", status=200)
    except ProviderError as error:
        assert error.message.startswith("Acme answered 200 with")  # noqa: PT017


@pytest.mark.parametrize("body", [b'\xef\xbb\xbf{"a": 1}', b' {"a": 1}\n'])
def test_a_byte_order_mark_and_spaces_do_no_harm(body: bytes) -> None:
    assert parse_json(body, vendor="Acme", status=200) == {"a": 1}


def test_a_number_of_ten_thousand_digits_is_a_sentence() -> None:
    with pytest.raises(ProviderError, match="not JSON"):
        parse_json(b"9" * 10_000, vendor="Acme", status=200)
