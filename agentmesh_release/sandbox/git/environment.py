"""How git is run: its own configuration, no prompts, nothing inherited from a surrounding hook."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

CONFIGURATION = """\
[safe]
\tdirectory = *
[gc]
\tauto = 0
[maintenance]
\tauto = false
[core]
\tcommitGraph = true
[init]
\tdefaultBranch = main
[user]
\tname = Sandbox
\temail = sandbox@example.com
[protocol "file"]
\tallow = always
"""


class GitFailed(Exception):
    """git said no; the text is what it said."""


class Git:
    """Runs git with a configuration file of the sandbox's own.

    `safe.directory = *` is there because a checkout that belongs to another user may be registered;
    only `clone` and `fetch` ever read it, through git's own upload side.
    """

    def __init__(self, state: Path) -> None:
        file = state / "gitconfig"
        file.write_text(CONFIGURATION)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        self.environment = kept | {
            "GIT_CONFIG_GLOBAL": str(file),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_OPTIONAL_LOCKS": "0",
            "LC_ALL": "C",
        }

    def run(
        self,
        *arguments: str,
        cwd: Path | None = None,
        stdin: bytes = b"",
        extra: Mapping[str, str] | None = None,
    ) -> bytes:
        """The output of one git command. Raises GitFailed."""
        done = subprocess.run(  # noqa: S603
            ["git", *arguments],  # noqa: S607
            cwd=cwd,
            input=stdin,
            env=self.environment | dict(extra or {}),
            capture_output=True,
            check=False,
        )
        if done.returncode != 0:
            raise GitFailed(done.stderr.decode(errors="replace").strip())
        return done.stdout
