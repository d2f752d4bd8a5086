"""Makes small git repositories out of a drawing of their history."""

import os
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

START = datetime(2026, 1, 1, tzinfo=UTC)
CLEAN = {
    "PATH": os.environ["PATH"],
    "HOME": os.devnull,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def git(path: Path, *arguments: str, stdin: bytes = b"", **environment: str) -> str:
    """Run git there as Ada, with no configuration but the repository's own."""
    who = {"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com"}
    who |= {"GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com"}
    done = subprocess.run(
        ["git", "-C", str(path), *arguments],
        input=stdin,
        env={**CLEAN, **who, **environment},
        stdout=subprocess.PIPE,
        check=True,
    )
    return done.stdout.decode("utf-8", "replace").strip()


@dataclass
class Drawing:
    """A history to be: commits by number from 1, an hour apart unless told otherwise."""

    path: Path
    branch: str = "main"
    _lines: list[bytes] = field(default_factory=list)
    _count: int = 0

    def commit(
        self,
        message: str | bytes = "feat: x",
        *,
        parents: tuple[int, ...] | None = None,
        branch: str = "",
        hour: int | None = None,
        author: str = "Ada",
        changes: Iterable[str] = (),
        gone: Iterable[str] = (),
    ) -> int:
        """Add a commit, on top of the last one unless `parents` says otherwise; it `changes` these
        files, and those that are `gone` it removes."""
        data = message.encode("utf-8", "surrogatepass") if isinstance(message, str) else message
        self._count += 1
        if parents is None:
            parents = (self._count - 1,) if self._count > 1 else ()
        at = int((START + timedelta(hours=self._count if hour is None else hour)).timestamp())
        ref = f"refs/heads/{branch or self.branch}"
        self._add(f"reset {ref}", f"commit {ref}", f"mark :{self._count}")
        self._add(f"author {author} <{author.lower()}@example.com> {at} +0000")
        self._add(f"committer {author} <{author.lower()}@example.com> {at} +0000")
        self._lines.append(b"data %d\n%b\n" % (len(data), data))
        for place, parent in enumerate(parents):
            self._add(f"{'merge' if place else 'from'} :{parent}")
        for path in changes:
            self._add(f"M 100644 inline {path}", f"data {len(str(self._count))}", str(self._count))
        self._add(*(f"D {path}" for path in gone))
        return self._count

    def tag(self, name: str, commit: int | None = None, *, hour: int | None = None) -> None:
        """Add a lightweight tag, or with `hour` an annotated one made then."""
        commit = commit or self._count
        if hour is None:
            self._add(f"reset refs/tags/{name}", f"from :{commit}", "")
            return
        at = int((START + timedelta(hours=hour)).timestamp())
        self._add(f"tag {name}", f"from :{commit}", f"tagger Ada <ada@example.com> {at} +0000")
        self._add("data 1", "x")

    def make(self) -> Path:
        """Write the repository (bare, as many are) and give its path."""
        self.path.mkdir(parents=True, exist_ok=True)
        git(self.path, "init", "--quiet", "--bare", f"--initial-branch={self.branch}")
        git(self.path, "fast-import", "--quiet", stdin=b"".join(self._lines))
        return self.path

    def _add(self, *lines: str) -> None:
        self._lines += [f"{line}\n".encode() for line in lines]
