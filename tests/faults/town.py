"""A whole house with one project, as people see it, and as it is behind their backs."""

import contextlib
import re
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import requests
from django.urls import reverse

from agentmesh_release.runtime import processes
from tests.house import UNSET, House
from tests.releases.repositories import Drawing
from tests.watching import Told

from .person import Person

LEASE_S = 5.0
PATIENCE_S = 120.0
NAME = "fable"
SECOND = "second"  # the room of a worker that nobody but the test holds
OLD = "1.1.0"


class Town:
    """v1.1.0 is live, and a version that Ada has cut could be; a promotion takes seconds."""

    def __init__(self, place: Path, port: int, **environment: str) -> None:
        drawing = Drawing(place / NAME)
        for tag in ("v1.0.0", f"v{OLD}"):
            drawing.commit("feat: more")
            drawing.tag(tag)
        drawing.commit("feat: even more")
        self.house = House(
            place / "var",
            port,
            REPO=str(drawing.make()),
            OPERATION_LEASE_S=str(LEASE_S),
            **environment,
        )

    def open(self) -> None:
        self.start()
        self.execute("UPDATE releases_project SET watch_s = 2")
        self.ada, self.ben, self.cleo = (
            Person(self.house.url, who) for who in ("ada", "ben", "cleo")
        )
        self.new = self.cut()

    def start(self) -> None:
        self.house.start()
        written = re.findall(r'^(\w+)="(.*)"$', self.house.place.embedded_env.read_text(), re.M)
        self.values = dict(written)
        self.control("speed", build_seconds=0.2, check_seconds=0.2, alias_seconds=0.4)

    def close(self) -> None:
        self.house.close()

    def calm_down(self) -> None:
        """Wait until nothing is under way, and have the old version live."""
        self.until(self.house.is_ready, "the house does not get ready")
        self.until(
            lambda: (
                not self.rows("SELECT 1 FROM core_operation WHERE state IN ('queued', 'running')")
            ),
            "something is under way",
        )
        if self.shown() != self.build(OLD):
            self.ended(self.roll_back())

    # What people do

    def cut(self, message: str = "") -> str:
        """Ada cuts what is on trunk, after one more commit; answers the version."""
        if message:
            self.control("commits", project=NAME, message=message)
        self.until(lambda: self._may_be_cut(message), "nothing to cut")
        self.ada.decide("cut", NAME)
        said = "SELECT version FROM releases_release WHERE cut_by = 'Ada' ORDER BY id DESC"
        return str(self.row(said)[0])

    def promote(self) -> int:
        """Ada asks, Ben approves and promotes; answers the operation."""
        if not self.row("SELECT count(*) FROM releases_promotion WHERE state = 'requested'")[0]:
            self.ada.decide("request", NAME, self.new)
        promotion = self.row("SELECT max(id) FROM releases_promotion")[0]
        self.ben.send(
            reverse("check", args=[NAME, promotion]),
            shown=reverse("release", args=[NAME, self.new]),
        )
        self.until(lambda: self._may_be_approved(promotion), "nothing to approve")
        self.ben.decide("approval", NAME, promotion)
        self.until(lambda: self._is_clear(promotion), "gates block")
        self.ben.decide("execution", NAME, promotion)
        return self._operation("promotion")

    def roll_back(self, version: str = OLD) -> int:
        """Cleo rolls back; answers the operation."""
        self.cleo.decide("rollback-start", NAME, version)
        return self._operation("rollback")

    def _may_be_cut(self, message: str) -> bool:
        draft = self.ada.read(reverse("draft", args=[NAME])).text
        asked = self.ada.read(reverse("cut", args=[NAME])).text
        return message.partition(": ")[2] in draft and "Validation passed" in asked

    def _may_be_approved(self, promotion: int) -> bool:
        plan = self.row("SELECT plan FROM releases_promotion WHERE id = %s", promotion)[0]
        return bool(plan["build"])

    def _is_clear(self, promotion: int) -> bool:
        found = self.row("SELECT checklist FROM releases_promotion WHERE id = %s", promotion)[0]
        items = {item["gate"]: item["state"] for item in found.get("items", [])}
        return bool(items) and set(items.values()) == {"passed"}

    def _operation(self, kind: str) -> int:
        return int(self.row("SELECT max(id) FROM core_operation WHERE kind = %s", kind)[0])

    # What is so

    def ended(self, operation: int, seconds: float = PATIENCE_S) -> str:
        """The state in which it ends."""
        said = "SELECT state FROM core_operation WHERE id = %s"
        self.until(
            lambda: self.row(said, operation)[0] not in ("queued", "running"),
            f"operation {operation} does not end: {self.steps(operation)}",
            seconds,
        )
        return str(self.row(said, operation)[0])

    def steps(self, operation: int) -> list[Any]:
        said = "SELECT name, state, detail FROM core_step WHERE operation_id = %s ORDER BY position"
        return self.rows(said, operation)

    def build(self, version: str) -> str:
        return str(
            self.row(
                "SELECT d.vercel_id FROM releases_deployment d JOIN releases_release r"
                " ON r.commit_sha = d.sha WHERE r.version = %s AND d.target = 'production'"
                " ORDER BY d.created_at LIMIT 1",
                version,
            )[0]
        )

    def live(self) -> str:
        """What we say is live."""
        return str(self.row("SELECT vercel_id FROM releases_activation WHERE until IS NULL")[0])

    def shown(self) -> str:
        """What the production domain shows."""
        alias = self.ask("GET", f"/vercel/v4/aliases/{NAME}.example.com")
        return str(alias["deploymentId"])

    def is_held(self) -> bool:
        held = self.row("SELECT count(*) FROM releases_hold WHERE lifted_at IS NULL")[0]
        return bool(held)

    def moves(self, since: int = 0) -> list[str]:
        """The effective moves of the domain that the sandbox's journal holds."""
        events = self.ask("GET", f"/_control/journal?vendor=vercel&since={since}")["events"]
        kinds = ("promoted", "rolled_back", "auto_assigned")
        return [
            f"{each['kind']} {each['detail']['to']}" for each in events if each["kind"] in kinds
        ]

    def journal_end(self) -> int:
        events = self.ask("GET", "/_control/journal")["events"]
        return max((each["id"] for each in events), default=0)

    def listens(self) -> bool:
        """Whether anybody still listens on the house's port."""
        with socket.socket() as probe:
            port = int(self.house.url.rsplit(":", 1)[1])
            return probe.connect_ex(("127.0.0.1", port)) == 0

    # How to reach it

    def database(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.values["DATABASE_OWNER_URL"], autocommit=True)

    def rows(self, statement: str, *values: object, seconds: float = 60) -> list[Any]:
        """What the database answers; asked again while it is away."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                with contextlib.closing(self.database()) as connection:
                    return connection.execute(statement, values).fetchall()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def row(self, statement: str, *values: object) -> Any:
        """The first of them."""
        return self.rows(statement, *values)[0]

    def execute(self, statement: str, *values: object) -> None:
        with contextlib.closing(self.database()) as connection:
            connection.execute(statement, values)

    def ask(self, method: str, path: str, body: object = None, seconds: float = 60) -> Any:
        """What the sandbox answers; asked again while it is away."""
        headers = {"Authorization": "Bearer tests", "User-Agent": "tests"}
        url, deadline = self.values["SANDBOX_URL"] + path, time.monotonic() + seconds
        while True:
            try:
                answer = requests.request(method, url, json=body, headers=headers, timeout=20)
            except requests.ConnectionError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                assert answer.status_code in (200, 201), answer.text
                return answer.json()

    def control(self, act: str, **values: object) -> Any:
        return self.ask("POST", f"/_control/{act}", values)

    def until(self, is_so: Callable[[], bool], otherwise: str, seconds: float = PATIENCE_S) -> None:
        deadline = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > deadline:
                told = "\n".join(self.house.told.lines[-80:])
                raise AssertionError(f"{otherwise}\n{told}")
            time.sleep(0.1)

    def is_at_work(self, worker: Told) -> bool:
        """Whether that worker has given a sign of life."""
        part = f"worker:%:{worker.process.pid}"
        return bool(self.rows("SELECT 1 FROM core_heartbeat WHERE part LIKE %s", part))

    @contextlib.contextmanager
    def second_worker(self) -> Iterator[Told]:
        """One more worker beside the house's own, for as long as the block lasts."""
        marks = {processes.HOUSE: self.house.place.mark, processes.ROOM: SECOND}
        quiet = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser"}
        command = [sys.executable, "-m", "celery", "--app", "agentmesh_release.celery", "worker"]
        told = Told(
            [*command, "--without-gossip", "--without-mingle", "--without-heartbeat"],
            **{**UNSET, **marks, **quiet, "VAR_DIR": str(self.house.place.var)},
            OPERATION_LEASE_S=str(LEASE_S),
        )
        try:
            yield told
        finally:
            told.close()
