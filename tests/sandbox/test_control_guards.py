"""The control page obeys its own pages and programs on this machine, nobody else's."""

import re
import socket

import pytest

from .conftest import Registered
from .running import Running

FORM = "application/x-www-form-urlencoded"


def token(sandbox: Running) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', sandbox.ask("GET", "/_control/").text)
    assert found
    return found[1]


@pytest.mark.parametrize("path", ["/_control/", "/github/rate_limit", "/vercel/v10/projects"])
@pytest.mark.parametrize(
    "host", ["evil.example.com", "127.0.0.1.evil.example.com", "", "localhost.x"]
)
def test_a_foreign_host_is_refused(sandbox: Running, path: str, host: str) -> None:
    assert sandbox.ask("GET", path, headers={"Host": host}).status == 421


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:80", "127.0.0.1:8", "[::1]:8000", "[::1]"]
)
def test_a_local_host_is_answered(sandbox: Running, host: str) -> None:
    assert sandbox.ask("GET", "/_control/livez", headers={"Host": host}).status == 200


def test_it_listens_on_loopback_only(sandbox: Running) -> None:
    port = int(sandbox.url.rpartition(":")[2])
    own = socket.gethostbyname(socket.gethostname())
    if own.startswith("127."):
        own = "127.0.0.2"
    with socket.socket() as probe:
        assert probe.connect_ex((own, port)) != 0


def test_a_form_with_the_token_is_obeyed(project: Registered) -> None:
    form = {"csrf": token(project.sandbox), "project": project.name, "subject": "by a form"}
    answer = project.sandbox.ask("POST", "/_control/commits", data=form)
    assert answer.status == 303
    assert answer.headers["Location"].startswith("/_control/?project=")
    page = project.sandbox.ask("GET", answer.headers["Location"].partition("#")[0])
    assert "by a form" in page.text
    assert len(project.journal(kind="commit_landed")) == 1


@pytest.mark.parametrize("given", ["", "wrong", "é"])
def test_a_form_without_the_token_is_refused(project: Registered, given: str) -> None:
    form = {"csrf": given, "project": project.name, "subject": "forged"}
    assert project.sandbox.ask("POST", "/_control/commits", data=form).status == 403
    assert project.journal(kind="commit_landed") == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example.com"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_page_is_refused_even_with_the_token(
    project: Registered, headers: dict[str, str]
) -> None:
    form = {"csrf": token(project.sandbox), "project": project.name, "subject": "forged"}
    answer = project.sandbox.ask("POST", "/_control/commits", data=form, headers=headers)
    assert answer.status == 403
    answer = project.sandbox.ask("POST", "/_control/commits", form, headers=headers)
    assert answer.status == 403
    assert project.journal(kind="commit_landed") == []


def test_json_in_disguise_is_refused(project: Registered) -> None:
    body = f'{{"project": "{project.name}", "subject": "forged"}}'.encode()
    for kind in ("text/plain", "multipart/form-data; boundary=x"):
        answer = project.sandbox.ask(
            "POST", "/_control/commits", data=body, headers={"Content-Type": kind}
        )
        assert answer.status == 415


@pytest.mark.parametrize(
    ("path", "values", "sentence"),
    [
        ("commits", {"subject": "x"}, "project is missing."),
        ("commits", {"project": "none", "subject": "x"}, "There is no project none."),
        ("commits", {"project": "shown"}, "subject is missing."),
        ("commits", {"project": "shown", "subject": 3}, "subject is not a text"),
        (
            "commits",
            {"project": "shown", "subject": "x", "type": "oops"},
            "type is not one of feat",
        ),
        ("conditions", {"project": "shown", "kind": "hot"}, "kind is not one of slow"),
        ("conditions", {"project": "shown", "kind": "slow", "on": "maybe"}, "on is neither"),
        ("faults", {"provider": "acme", "kind": "500"}, "provider is not one of github"),
        ("faults", {"provider": "github", "kind": "explode"}, "kind is not one of"),
        (
            "faults",
            {"provider": "github", "kind": "hang", "seconds": "-1"},
            "seconds is not a number",
        ),
        ("speed", {"build_seconds": "nan"}, "build_seconds is not a number"),
        ("pulls/merge", {"project": "shown", "number": 99}, "There is no pull request #99."),
        ("migrations/apply", {"project": "shown"}, "without an app database"),
        ("repositories", {"name": "a b", "path": "/"}, "a b is not a repository name"),
        ("repositories", {"name": "x", "path": "/nowhere"}, "/nowhere is not a directory"),
    ],
)
def test_a_wrong_value_is_refused_with_a_sentence(
    shown: Registered, path: str, values: object, sentence: str
) -> None:
    answer = shown.sandbox.ask("POST", f"/_control/{path}", values)
    assert answer.status == 422
    assert sentence in answer.body["error"]


def test_an_unknown_act_is_404(sandbox: Running) -> None:
    assert sandbox.ask("POST", "/_control/explode", {}).status == 404
