"""A real sandbox process, and the plain way to talk to it."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from agentmesh_release.runtime.postgres import tethered

TOKEN = "a token"
USUAL = ("--build-seconds", "0.4", "--check-seconds", "0.6", "--alias-seconds", "0.4")


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: Any
    headers: dict[str, str]
    text: str


class Running:
    """Start, kill and ask one sandbox; its state stays in `state` between two starts."""

    def __init__(self, state: Path, *words: str) -> None:
        self.state = state
        self.words = words or USUAL
        self.process: subprocess.Popen[str] | None = None
        self.url = ""
        self.session = requests.Session()
        self.session.trust_env = False

    def start(self) -> "Running":
        command = [sys.executable, "-m", "agentmesh_release.sandbox", "--port", "0"]
        self.process = subprocess.Popen(
            tethered([*command, "--state", str(self.state), *self.words]),
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().split()[1].removesuffix("/_control/")
        return self

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.send_signal(number)
        status = self.process.wait(10)
        self.process.stdout.close()
        self.session.close()
        return status

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: dict[str, str] | None = None,
        **options: Any,
    ) -> Answer:
        given = {"Authorization": f"Bearer {TOKEN}", "User-Agent": "tests", **(headers or {})}
        sent: dict[str, Any] = {} if body is None else {"json": body}
        answer = self.session.request(
            method,
            self.url + path,
            headers=given,
            timeout=10,
            allow_redirects=False,
            **sent,
            **options,
        )
        is_json = answer.headers.get("Content-Type", "").startswith("application/json")
        found = json.loads(answer.text) if is_json and answer.text else None
        return Answer(answer.status_code, found, dict(answer.headers), answer.text)

    def get(self, path: str, **options: Any) -> Any:
        """The JSON of a GET that succeeds."""
        answer = self.ask("GET", path, **options)
        assert answer.status == 200, answer
        return answer.body

    def act(self, path: str, /, **values: object) -> Any:
        """The facts of an act of the control page that succeeds."""
        answer = self.ask("POST", f"/_control/{path}", values)
        assert answer.status in (200, 201), answer
        return answer.body

    def journal(self, **filters: str) -> list[Any]:
        query = "&".join(f"{name}={value}" for name, value in filters.items())
        events: list[Any] = self.get(f"/_control/journal?{query}")["events"]
        return events


def eventually(found: Callable[[], Any], seconds: float = 8) -> Any:
    """The first true answer of `found`, asked again and again."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = found()
        if answer:
            return answer
        time.sleep(0.03)
    raise AssertionError("It never came true.")
