"""A repository that means harm is served as it is, and harms nobody."""

import pytest

from .conftest import Registered, register
from .histories import History
from .running import Running

SCRIPT = "feat: <script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def hostile(sandbox: Running, tmp_path_factory: pytest.TempPathFactory) -> Registered:
    history = History()
    history.commit("feat: begin")
    history.commit(b"fix: not \xff\xfe UTF-8")
    history.commit(b"fix: a nul \x00 inside")
    history.commit("fix: " + "long " * 250_000)
    history.commit("fix: \u202eright to left\u202c \U0001f680 emoji \ud7ff")
    history.commit("")
    history.commit(
        SCRIPT,
        files={"<b>.txt": b"<b>", "a b/\u00e9.txt": b"\x00\xff"},
        author=b"'\" onmouseover=alert(3) <x@example.com>",
    )
    history.commit("fix: a very large number (#99999999999999999999)")
    history.tag("v1.0.0", 1)
    for number in range(2_000):
        history.tag(f"many/{number}", 2)
    return register(sandbox, history.write(tmp_path_factory.mktemp("hostile") / "x"), "hostile")


def test_every_message_is_served(hostile: Registered) -> None:
    found = hostile.sandbox.get(f"{hostile.github}/commits?per_page=100")
    assert len(found) == 8
    messages = [one["commit"]["message"] for one in found]
    assert messages[1] == SCRIPT
    assert "not \ufffd\ufffd UTF-8" in messages[-2]
    assert len(messages[4]) > 1_000_000


def test_an_emoji_and_a_right_to_left_mark_survive(hostile: Registered) -> None:
    found = hostile.sandbox.get(f"{hostile.github}/commits?per_page=100")
    assert any("\u202eright to left\u202c \U0001f680" in one["commit"]["message"] for one in found)


def test_odd_file_names_are_served(hostile: Registered) -> None:
    names = {one["name"] for one in hostile.sandbox.get(f"{hostile.github}/contents")}
    assert {"<b>.txt", "a b"} <= names
    found = hostile.sandbox.get(f"{hostile.github}/contents/a%20b/%C3%A9.txt")
    assert found["size"] == 2


def test_many_tags_on_one_commit_are_paged(hostile: Registered) -> None:
    answer = hostile.sandbox.ask("GET", f"{hostile.github}/tags?per_page=100")
    assert len(answer.body) == 100
    assert 'page=21>; rel="last"' in answer.headers["Link"]


def test_an_impossible_number_is_no_pull_request(hostile: Registered) -> None:
    assert hostile.sandbox.get(f"{hostile.github}/pulls?state=all") == []


def test_nothing_of_it_reaches_a_page_unescaped(hostile: Registered) -> None:
    hostile.act("commits", message=SCRIPT)
    hostile.act("pulls", title=SCRIPT)
    sha = hostile.sandbox.get(f"{hostile.github}/commits?per_page=1")[0]["sha"]
    for path in (
        "/_control/?project=hostile",
        f"/github/demo/hostile/commit/{sha}",
        "/github/demo/hostile/%3Cscript%3E",
        "/_control/?project=%3Cscript%3E",
    ):
        page = hostile.sandbox.ask("GET", path).text
        assert "<script" not in page
        assert "<img" not in page


def test_a_page_forbids_scripts(hostile: Registered) -> None:
    for path in ("/_control/", f"/github/demo/hostile/commit/{hostile.facts['head']}"):
        policy = hostile.sandbox.ask("GET", path).headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "script" not in policy


@pytest.mark.parametrize("path", ["..%2f..%2fstate", "%00", "a%0ab", "%ff", "x" * 5000])
def test_odd_paths_are_not_found(hostile: Registered, path: str) -> None:
    for start in (
        f"/github/repos/demo/{path}",
        f"{hostile.github}/contents/{path}",
        f"{hostile.github}/commits/{path}",
        f"/vercel/v9/projects/{path}",
        f"/_control/static/{path}",
        f"{hostile.github}/git/ref/{path}",
    ):
        assert hostile.sandbox.ask("GET", start).status in (404, 422), start
