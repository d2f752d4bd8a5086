"""Programs of the system that some tests drive; what is missing is named with its mend."""

import shutil
import sys
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Tool:
    """A program under any of its `names`, and the packages that bring it."""

    names: tuple[str, ...]
    debian: str
    homebrew: str
    elsewhere: tuple[str, ...] = ()

    def path(self) -> str | None:
        """Where it is, or None."""
        found = (shutil.which(name) for name in (*self.names, *self.elsewhere))
        return next((path for path in found if path), None)

    def mend(self) -> str:
        """The command that installs it here."""
        if sys.platform == "darwin":
            return f"brew install {self.homebrew}"
        return f"apt-get install {self.debian}"


CHROMIUM = Tool(
    ("chromium", "chromium-browser", "google-chrome"),
    "chromium",
    "--cask chromium",
    (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ),
)
REDIS = Tool(("redis-server", "valkey-server"), "redis-server", "valkey")
CURL = Tool(("curl",), "curl", "curl")
JQ = Tool(("jq",), "jq", "jq")
TOOLS = {"Chromium": CHROMIUM, "Redis or Valkey": REDIS, "curl": CURL, "jq": JQ}


def need(name: str) -> str:
    """The path of a tool; the test skips, with the mend, where it is missing."""
    path = TOOLS[name].path()
    if path is None:
        pytest.skip(f"{name} is missing; install it with: {TOOLS[name].mend()}")
    return path


def missing() -> list[str]:
    """A sentence for each tool that is not here."""
    return [
        f"{name} is missing, its tests skip; install it with: {tool.mend()}"
        for name, tool in TOOLS.items()
        if tool.path() is None
    ]
