"""Somebody at a browser without JavaScript: reads a page, fills in its form, sends it."""

import time
from html.parser import HTMLParser

import requests
from django.urls import reverse


class Form(HTMLParser):
    """The hidden fields of a page, and the choice that it suggests."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and (given.get("type") == "hidden" or "checked" in given):
            self.fields[given.get("name") or ""] = given.get("value") or ""


class Person:
    """One person of the demo world, signed in."""

    def __init__(self, url: str, username: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False
        self.send(reverse("demo-sign-in", args=[username]), shown=reverse("sign-in"))

    def read(self, path: str, seconds: float = 30) -> requests.Response:
        """The page; tried again while nobody answers, as people do."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                answer = self.session.get(self.url + path, timeout=20)
                if answer.status_code < 500 or time.monotonic() > deadline:
                    return answer
            except requests.RequestException:
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.2)

    def send(self, path: str, shown: str = "", **fields: str) -> requests.Response:
        """Send the form of the page `shown` (usually its own) and follow where that leads."""
        form = Form(self.read(shown or path).text)
        return self.session.post(self.url + path, {**form.fields, **fields}, timeout=30)

    def decide(self, name: str, *arguments: object) -> requests.Response:
        """Answer the question at the address of that name with yes, and a reason."""
        answer = self.send(reverse(name, args=arguments), reason="Planned for this week.")
        assert answer.status_code == 200, f"{name}: {answer.status_code} {answer.text[-3000:]}"
        return answer
