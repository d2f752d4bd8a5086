"""The control page without a script: every form on it can be sent, and says what it did."""

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

import pytest

from .conftest import Registered
from .running import Running


class Forms(HTMLParser):
    """The forms of a page: where they go, what they send, with which button."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, Any]] = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "label":
            self.labelled.add(given.get("for", ""))
        if tag == "form":
            self.found.append(
                {"action": given["action"], "fields": {}, "buttons": [], "method": given["method"]}
            )
        elif self.found and tag == "input" and given.get("type") != "checkbox":
            self.found[-1]["fields"][given["name"]] = given.get("value", "")
        elif self.found and tag == "select":
            self.found[-1]["fields"][given["name"]] = ""
        elif self.found and tag == "button":
            name = given.get("name")
            self.found[-1]["buttons"].append({name: given["value"]} if name else {})


def forms(sandbox: Running, project: str) -> Forms:
    parser = Forms()
    parser.feed(sandbox.ask("GET", f"/_control/?project={project}").text)
    return parser


def notice(sandbox: Running, location: str) -> str:
    page = sandbox.ask("GET", location).text
    found = re.search(r'role="status".*?<p>(.*?)</p>', page, re.S)
    return found[1] if found else ""


def send(project: Registered, form: dict[str, Any], button: dict[str, str]) -> str:
    """Send one form as a browser would; returns the sentence that the next page shows."""
    filled = {"subject": "by a form"} if "subject" in form["fields"] else {}
    answer = project.sandbox.ask("POST", form["action"], data=form["fields"] | filled | button)
    assert answer.status == 303, form
    return notice(project.sandbox, answer.headers["Location"])


def test_every_form_can_be_sent(project: Registered) -> None:
    project.act("pulls", subject="an open one")
    sent = 0
    for form in forms(project.sandbox, project.name).found:
        if form["method"] != "post":
            continue
        for button in form["buttons"]:
            said = send(project, form, button)
            assert said, form["action"]
            sent += 1
            project.sandbox.act("faults/clear")
    assert sent > 40


def test_what_was_changed_can_be_changed_back(project: Registered) -> None:
    project.act("builds", break_next=True)
    project.act("checks", fail_next=True)
    project.act("bypass", open=True)
    project.act("plan", hobby=True)
    project.act("bad-commits", sha=project.facts["live"]["sha"])
    for kind in ("slow", "errors", "down"):
        project.act("conditions", kind=kind)
    undo = {"builds", "checks", "bypass", "plan", "bad-commits", "conditions", "normal"}
    for form in forms(project.sandbox, project.name).found:
        if form["action"].removeprefix("/_control/") in undo and "conclusion" not in form["fields"]:
            send(project, form, {})
    state = next(
        one
        for one in project.sandbox.get("/_control/state")["projects"]
        if one["name"] == project.name
    )
    assert not any(
        (
            state["bypass_open"],
            state["hobby"],
            state["break_next_build"],
            state["fail_next_checks"],
            state["conditions"],
            state["bad_commits"],
        )
    )


def test_a_refusal_is_said_on_the_page(project: Registered) -> None:
    found = forms(project.sandbox, project.name).found
    form = next(one for one in found if one["action"].endswith("/migrations/apply"))
    assert send(project, form, {}) == "This sandbox was started without an app database."


def test_every_control_has_a_label_and_every_id_is_one(project: Registered) -> None:
    page = forms(project.sandbox, project.name)
    assert len(page.ids) == len(set(page.ids))
    text = project.sandbox.ask("GET", f"/_control/?project={project.name}").text
    controls = re.findall(r'<(?:input|select)[^>]* id="([^"]+)"', text)
    assert set(controls) <= page.labelled


def test_a_sentence_cannot_be_forged_by_a_link(sandbox: Running) -> None:
    for key in ("You have won", "<script>", "../x"):
        assert notice(sandbox, f"/_control/?notice={quote(key)}") == ""


@pytest.mark.parametrize(
    ("path", "kind"), [("style.css", "text/css"), ("static/icons.svg", "image/svg+xml")]
)
def test_the_page_brings_its_own_styles_and_drawings(
    sandbox: Running, path: str, kind: str
) -> None:
    answer = sandbox.ask("GET", f"/_control/{path}")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith(kind)


def test_nothing_is_loaded_from_elsewhere(sandbox: Running, shown: Registered) -> None:
    text = sandbox.ask("GET", "/_control/?project=shown").text
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//', text) == []
    assert re.findall(r"\son\w+=|style=|<script", text) == []


def test_it_links_back_to_the_product(tmp_path_factory: pytest.TempPathFactory) -> None:
    running = Running(tmp_path_factory.mktemp("linked"), "--product-url", "http://localhost:8000")
    try:
        assert 'href="http://localhost:8000"' in running.start().ask("GET", "/_control/").text
    finally:
        running.end()


def test_the_front_door_leads_to_the_page(sandbox: Running) -> None:
    answer = sandbox.ask("GET", "/")
    assert (answer.status, answer.headers["Location"]) == (303, "/_control/")
