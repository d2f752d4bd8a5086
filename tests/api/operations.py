"""Every operation of the API, from its own document: what is added later is covered too."""

from dataclasses import dataclass
from typing import Any

from agentmesh_release.api import described
from tests.programs import Program

VALUES = {"slug": "api", "version": "1.1.0", "pk": "1", "key": "api_kill_switch"}
# What a request needs besides its address to get past the reading of its parts.
ASKED: dict[str, dict[str, Any]] = {
    "sendReport": {
        "query": {"kind": "file", "commit": "b" * 40},
        "type": "text/plain",
        "body": "x",
    },
    "listArtifacts": {"query": {"commit": "b" * 40}},
    "flipSwitch": {"body": '{"to": "on", "reason": "test"}'},
}


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    right: str

    @property
    def url(self) -> str:
        return self.path.format(**VALUES)

    def ask(self, program: Program) -> Any:
        asked = ASKED.get(self.id, {})
        return program.client.generic(
            self.method,
            self.url,
            asked.get("body", ""),
            content_type=asked.get("type", "application/json"),
            query_params=asked.get("query", {}),
        )


OPERATIONS = [
    Operation(told["operationId"], method.upper(), path, told["security"][0]["Bearer"][0])
    for path, methods in described()["paths"].items()
    for method, told in methods.items()
]
