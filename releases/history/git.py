"""Runs git on a repository that nobody vouches for: it reads, and executes nothing of it.

A repository's own configuration can name programs (`core.fsmonitor`, `core.hooksPath`,
`gpg.program`, `core.pager`, `core.sshCommand`, remote helpers); see git-config(1). So the
environment is built from nothing, the command line overrules what it can, and no transport is
allowed, so that a partial clone cannot fetch what it lacks.
"""

import os
import selectors
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from releases.history.unreadable import HistoryUnreadable, explained, printable

IDLE_TIMEOUT_S: Final = 120.0
_CHUNK = 1 << 18
_MOST_ERROR_TEXT = 4_096
_SETTINGS = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.pager=cat",
    "core.alternateRefsCommand=true",
    "gpg.program=false",
    "log.follow=false",
    "log.showSignature=false",
    "protocol.allow=never",
)
_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.fspath(Path(__file__).with_name("gitconfig")),
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
    "HOME": os.devnull,
    "LC_ALL": "C",
}


class Git:
    """Git commands on the repository whose top is at `path`."""

    def __init__(
        self, path: str | os.PathLike[str], idle_timeout_s: float = IDLE_TIMEOUT_S
    ) -> None:
        """Raises `HistoryUnreadable` where `path` is no directory."""
        self.shown = printable(os.fspath(path))
        self.path = self._resolved(path)
        self.idle_timeout_s = idle_timeout_s

    def stream(self, *arguments: str, stdin: bytes = b"") -> Iterator[bytes]:
        """Yield what a command prints, in pieces; it ends with the iterator.

        Raises `HistoryUnreadable` when git fails, or prints nothing for `idle_timeout_s`.
        """
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as errors:
            given.write(stdin)
            given.seek(0)
            process = self._start(arguments, given, errors)
            try:
                yield from self._pieces(process)
                code = process.wait(self.idle_timeout_s)
            except subprocess.TimeoutExpired:
                raise self._silent() from None
            finally:
                process.kill()
                process.wait()
                if process.stdout:
                    process.stdout.close()
            if code:
                raise HistoryUnreadable(self._reason(errors))

    def text(self, *arguments: str, stdin: bytes = b"") -> str:
        """What a command prints, whole; for answers that are short by nature."""
        return b"".join(self.stream(*arguments, stdin=stdin)).decode("utf-8", "replace")

    def _start(
        self, arguments: tuple[str, ...], given: IO[bytes], errors: IO[bytes]
    ) -> subprocess.Popen[bytes]:
        settings = [word for setting in _SETTINGS for word in ("-c", setting)]
        # No discovery upwards: an empty folder inside a checkout is not that checkout.
        environment = {
            **_ENVIRONMENT,
            "PATH": os.environ.get("PATH", os.defpath),
            "GIT_CEILING_DIRECTORIES": os.fspath(self.path.parent),
            **_quarantine(),
        }
        try:
            return subprocess.Popen(  # noqa: S603 (no shell; git from PATH, as everywhere)
                ["git", "--no-pager", *settings, "-C", os.fspath(self.path), *arguments],  # noqa: S607
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=environment,
            )
        except FileNotFoundError:
            raise HistoryUnreadable("git is not installed on this machine.") from None

    def _pieces(self, process: subprocess.Popen[bytes]) -> Iterator[bytes]:
        assert process.stdout is not None  # noqa: S101 (asked for with PIPE)
        descriptor = process.stdout.fileno()
        with selectors.DefaultSelector() as waiting:
            waiting.register(descriptor, selectors.EVENT_READ)
            while True:
                if not waiting.select(self.idle_timeout_s):
                    raise self._silent()
                piece = os.read(descriptor, _CHUNK)
                if not piece:
                    return
                yield piece

    def _resolved(self, path: str | os.PathLike[str]) -> Path:
        try:
            resolved = Path(path).resolve(strict=True)
        except (OSError, ValueError, RuntimeError):
            raise HistoryUnreadable(f"There is nothing at {self.shown}.") from None
        if not resolved.is_dir():
            raise HistoryUnreadable(f"{self.shown} is not a directory.")
        return resolved

    def _silent(self) -> HistoryUnreadable:
        return HistoryUnreadable(
            f"git said nothing about {self.shown} for {self.idle_timeout_s:g} s, so it was stopped."
        )

    def _reason(self, errors: IO[bytes]) -> str:
        errors.seek(0)
        said = errors.read(_MOST_ERROR_TEXT).decode("utf-8", "replace")
        return explained(said, self.shown)


def _quarantine() -> dict[str, str]:
    """Where a pre-receive hook finds what is being pushed (git-receive-pack(1)); as an alternate,
    it takes nothing away from a repository that has nothing to do with it.
    """
    path = os.environ.get("GIT_QUARANTINE_PATH")
    return {"GIT_ALTERNATE_OBJECT_DIRECTORIES": path} if path else {}
