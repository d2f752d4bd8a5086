"""A house with its sandbox, as browsers and their people see it from outside."""

import json
import re
import urllib.request
from typing import Any

import psycopg

from tests.house import House

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Neighbourhood:
    """The house under test and its sandbox."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.url = house.url

    @property
    def sandbox_url(self) -> str:
        line = next(line for line in self.house.told.lines if "/_control/" in line)
        return line[line.index("http") :].split("/_control/")[0]

    def control(self, path: str, **wish: Any) -> Any:
        """Make something happen at the providers, e.g. `control("commits", type="fix", …)`."""
        request = urllib.request.Request(
            f"{self.sandbox_url}/_control/{path}",
            data=json.dumps(wish).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def journal(self, **filters: str) -> list[dict[str, Any]]:
        """What really changed at the providers, oldest first."""
        query = "&".join(f"{name}={value}" for name, value in filters.items())
        with urllib.request.urlopen(
            f"{self.sandbox_url}/_control/journal?{query}", timeout=20
        ) as answer:
            events: list[dict[str, Any]] = json.load(answer)["events"]
        return events

    def execute(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the house's database, as its owner."""
        written = self.house.place.embedded_env.read_text()
        known = dict(re.findall(r'^(\w+)="(.*)"$', written, re.M))
        with psycopg.connect(known["DATABASE_OWNER_URL"], autocommit=True) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []
