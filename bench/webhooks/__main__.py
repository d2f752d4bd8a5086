"""Measures the intake of webhooks: `python -m bench.webhooks [--deliveries 5000] [--at-once 16]`.

A whole house of its own (web, worker, sandbox, a PostgreSQL that syncs to disk) takes in signed
check_run deliveries of 10 KB, while its worker applies them. Then all of it is killed with SIGKILL
in the middle of a burst and started again: every delivery that was answered 202 has to be there.
Goal (DESIGN: speed): at least 500 a second, none lost. The sender shares the machine with it.
"""

import argparse
import hashlib
import hmac
import http.client
import json
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

import psutil
import psycopg

from bench.figures import shown

ROOT = Path(__file__).resolve().parents[2]
READY_S = 180
# What stands in the command line of each room; the web's workers are forks of multiprocessing.
ROOMS = {"postgres": "postgres", "celery": "celery", "sandbox": "sandbox"}
ANSWER_S = 30
STORED = "SELECT delivery FROM core_incomingwebhook WHERE delivery = ANY(%s)"
WAITING = "SELECT count(*) FROM core_incomingwebhook WHERE state = 'waiting'"


class House:
    """`manage.py up` in a directory of its own."""

    def __init__(self, var: Path) -> None:
        self.var, self.port = var, _free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def open(self) -> None:
        """Start it, and return when it answers."""
        log = (self.var / "log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env={**os.environ, "PORT": str(self.port), "VAR_DIR": str(self.var)},
            stdout=log,
            stderr=log,
        )
        log.close()
        already = (self.var / "log").read_text().count("Ready:")
        deadline = time.monotonic() + READY_S
        while (self.var / "log").read_text().count("Ready:") == already:
            if time.monotonic() > deadline or self.process.poll() is not None:
                sys.exit((self.var / "log").read_text()[-2_000:])
            time.sleep(0.1)

    def end(self, number: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(60)

    def value(self, name: str) -> str:
        """A variable of the house, from its file where it names one."""
        written = (self.var / "embedded.env").read_text()
        known: dict[str, str] = dict(re.findall(r'^(\w+)="(.*)"$', written, re.M))
        if f"{name}_FILE" in known:
            return Path(known[f"{name}_FILE"]).read_text().strip()
        return known[name]

    def used_s(self) -> dict[str, float]:
        """Seconds of processor time that its processes have used, by the room that they are."""
        used: dict[str, float] = {}
        for each in psutil.Process(self.process.pid if self.process else 0).children(
            recursive=True
        ):
            command = " ".join(each.cmdline())
            room = next((name for part, name in ROOMS.items() if part in command), "web")
            times = each.cpu_times()
            used[room] = used.get(room, 0) + times.user + times.system
        return used

    def ask(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        with psycopg.connect(self.value("DATABASE_URL"), autocommit=True) as connection:
            return connection.execute(statement, values).fetchall()


class Sender:
    """Delivers until there is nothing left or nobody answers; remembers what was accepted."""

    def __init__(self, house: House, deliveries: int) -> None:
        self._port, self._key = house.port, house.value("GITHUB_WEBHOOK_SECRET").encode()
        self._left: queue.SimpleQueue[str] = queue.SimpleQueue()
        for _ in range(deliveries):
            self._left.put(str(uuid.uuid4()))
        self.accepted: list[str] = []
        self.took_ms: list[float] = []
        self.refused: list[str] = []

    def run(self, at_once: int) -> float:
        """Seconds until all are through."""
        threads = [threading.Thread(target=self._deliver) for _ in range(at_once)]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.perf_counter() - began

    def _deliver(self) -> None:
        connection = http.client.HTTPConnection("localhost", self._port, timeout=ANSWER_S)
        try:
            while True:
                guid = self._left.get_nowait()
                began = time.perf_counter()
                status = self._post(connection, guid)
                self.took_ms.append((time.perf_counter() - began) * 1_000)
                (self.accepted if status == 202 else self.refused).append(guid)
        except (queue.Empty, OSError, http.client.HTTPException):
            connection.close()

    def _post(self, connection: http.client.HTTPConnection, guid: str) -> int:
        body = _payload(guid)
        mark = hmac.new(self._key, body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "X-GitHub-Event": "check_run",
            "X-GitHub-Delivery": guid,
            "X-Hub-Signature-256": f"sha256={mark}",
        }
        connection.request("POST", "/webhooks/github", body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status


_STEPS = [{"name": f"step {n}", "conclusion": "success"} for n in range(200)]
_RUN = {"id": "GUID", "head_sha": "0" * 40, "status": "completed", "steps": _STEPS}
_PAYLOAD = json.dumps(
    {"action": "completed", "check_run": _RUN, "repository": {"full_name": "demo/bench"}}
).encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deliveries", type=int, default=5_000)
    parser.add_argument("--at-once", type=int, default=16)
    parser.add_argument("--kill-after", type=float, default=1.0, help="seconds into the burst")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-", dir="/tmp") as folder:
        house = House(Path(folder))
        house.open()
        try:
            _rate(house, asked)
            _loss(house, asked)
        finally:
            house.end(signal.SIGTERM)


def _rate(house: House, asked: argparse.Namespace) -> None:
    sender, before = Sender(house, asked.deliveries), house.used_s()
    seconds = sender.run(asked.at_once)
    used = {name: after - before.get(name, 0) for name, after in house.used_s().items()}
    print(
        f"accepted {len(sender.accepted)} of {asked.deliveries} in {seconds:.1f} s:"
        f" {len(sender.accepted) / seconds:.0f} a second; {shown(sender.took_ms)}"
    )
    print(
        ", ".join(f"{name} {1_000 * each / asked.deliveries:.2f} ms" for name, each in used.items())
    )
    began = time.perf_counter()
    while house.ask(WAITING)[0][0]:
        time.sleep(0.2)
    print(f"all applied {time.perf_counter() - began:.1f} s after the last one came")


def _loss(house: House, asked: argparse.Namespace) -> None:
    sender = Sender(house, asked.deliveries)
    killer = threading.Timer(asked.kill_after, house.end, [signal.SIGKILL])
    killer.start()
    sender.run(asked.at_once)
    killer.join()
    house.open()
    stored = {row[0] for row in house.ask(STORED, sender.accepted)}
    lost = set(sender.accepted) - stored
    print(f"killed after {len(sender.accepted)} were accepted: {len(lost)} lost")


def _payload(guid: str) -> bytes:
    return _PAYLOAD.replace(b"GUID", guid.encode())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    main()
