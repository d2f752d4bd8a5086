"""Workflows for GitHub Actions, ready to be copied into a repository: `.github/workflows/`."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Workflow:
    """One file, and what it is for."""

    name: str
    purpose: str

    @property
    def text(self) -> str:
        return (Path(__file__).parent / self.name).read_text()


WORKFLOWS = (
    Workflow(
        "cut-release.yml", "Cut a release from the Actions page, with the bump that you choose."
    ),
    Workflow("send-reports.yml", "Send test results, scans and sizes after CI."),
)
