"""What was read before costs nothing to read again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agentmesh_release.providers import background
from agentmesh_release.providers.asks import Ask
from agentmesh_release.providers.etags import EtagCache, Kept, Known
from agentmesh_release.providers.http import Http, ProviderError
from tests.providers.stub import Stub, reply

Make = Callable[..., Http]
UNCHANGED = reply(status=304, body=b"")


def known(size: int) -> Known:
    return Known('"x"', {}, None, b"", size)


def test_an_unchanged_answer_is_the_one_from_before(stub: Stub, http: Make) -> None:
    client = http(etags=EtagCache())
    stub.say(reply({"a": 1}, etag='"one"', link="<x>; rel=next"), UNCHANGED)
    client.get("/thing", page=1)
    again = client.get("/thing", page=1)
    assert (again.data, again.unchanged, again.status) == ({"a": 1}, True, 200)
    assert again.headers["link"] == "<x>; rel=next"
    assert stub.seen[1].headers["if-none-match"] == '"one"'


def test_a_changed_answer_takes_its_place(stub: Stub, http: Make) -> None:
    client = http(etags=EtagCache())
    stub.say(reply(1, etag='"one"'), reply(2, etag='"two"'), UNCHANGED)
    assert [client.get("/thing").data for _ in range(3)] == [1, 2, 2]
    assert stub.seen[2].headers["if-none-match"] == '"two"'


def test_other_parameters_are_another_answer(stub: Stub, http: Make) -> None:
    client = http(etags=EtagCache())
    stub.say(reply(1, etag='"one"'), reply(2, etag='"two"'))
    client.get("/thing", page=1)
    client.get("/thing", page=2)
    assert "if-none-match" not in stub.seen[1].headers


def test_raw_bytes_and_json_of_one_path_are_kept_apart(stub: Stub, http: Make) -> None:
    client = http(etags=EtagCache())
    raw = Ask("GET", "/thing", headers={"Accept": "application/raw"}, parse=False)
    stub.say(reply({"a": 1}, etag='"one"'), reply(body=b"bytes", etag='"two"'), UNCHANGED)
    client.get("/thing")
    client.ask(raw)
    assert client.ask(raw).body == b"bytes"


def test_an_unasked_304_is_no_answer(stub: Stub, http: Make) -> None:
    stub.say(UNCHANGED)
    with pytest.raises(ProviderError, match="answered 304"):
        http(etags=EtagCache(), attempts=1).get("/thing")


def test_only_whole_answers_are_kept(stub: Stub, http: Make) -> None:
    client = http(etags=EtagCache(), attempts=1)
    stub.say(reply(body=b"{", etag='"half"'), reply({"a": 1}))
    with pytest.raises(ProviderError):
        client.get("/thing")
    client.get("/thing")
    assert "if-none-match" not in stub.seen[1].headers


def test_it_forgets_what_was_used_longest_ago() -> None:
    cache = EtagCache(entries=2)
    cache.put("a", known(1))
    cache.put("b", known(1))
    cache.get("a")
    cache.put("c", known(1))
    assert [key for key in "abc" if cache.get(key)] == ["a", "c"]


def test_it_is_bounded_by_bytes_and_takes_no_giant() -> None:
    cache = EtagCache(total_bytes=80)
    for number in range(100):
        cache.put(str(number), known(10))
    assert len(cache) == 8
    cache.put("giant", known(11))
    assert cache.get("giant") is None


class Memory:
    """A shelf that remembers."""

    def __init__(self) -> None:
        self.kept: dict[str, Kept] = {}

    def take(self, key: str) -> Kept | None:
        return self.kept.get(key)

    def put(self, key: str, kept: Kept) -> None:
        self.kept[key] = kept


def test_a_later_process_knows_what_polling_was_answered(stub: Stub, http: Make) -> None:
    shelf = Memory()
    stub.say(reply({"a": 1}, etag='"one"', link="<x>; rel=next"), UNCHANGED)
    with background.reading():
        http(etags=EtagCache(shelf=shelf)).get("/thing")
        again = http(etags=EtagCache(shelf=shelf)).get("/thing")
    assert (again.data, again.unchanged) == ({"a": 1}, True)
    assert again.headers["link"] == "<x>; rel=next"


def test_bytes_come_back_from_the_shelf_as_they_were(stub: Stub, http: Make) -> None:
    shelf = Memory()
    raw = Ask("GET", "/thing", parse=False)
    stub.say(reply(body=b"\xff{", etag='"one"'), UNCHANGED)
    with background.reading():
        for _ in range(2):
            assert http(etags=EtagCache(shelf=shelf)).ask(raw).body == b"\xff{"


def test_only_background_reading_uses_the_shelf(stub: Stub, http: Make) -> None:
    shelf = Memory()
    stub.say(*[reply(1, etag='"one"')] * 3)
    http(etags=EtagCache(shelf=shelf)).get("/thing")
    assert not shelf.kept
    with background.reading():
        http(etags=EtagCache(shelf=shelf)).get("/thing")
    assert shelf.kept
    http(etags=EtagCache(shelf=shelf)).get("/thing")
    assert not any("if-none-match" in seen.headers for seen in stub.seen)
