"""Whether what a slow step was made from has changed since it was last taken."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path


class Stamp:
    """Remembers, in the file `path`, what the `sources` and the packages looked like.

    A source is a file or a directory; it counts by name, size and time. `requirements` stands for
    every installed package.
    """

    def __init__(self, path: Path, requirements: Path, sources: Iterable[Path]) -> None:
        self._path = path
        self._requirements = requirements
        self._sources = list(sources)

    def seen(self) -> str:
        """What everything looks like now."""
        seen = hashlib.sha256(self._requirements.read_bytes())
        for path in sorted(self._files()):
            facts = path.stat()
            seen.update(f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}\0".encode(errors="replace"))
        return seen.hexdigest()

    def remembered(self) -> str:
        """What everything looked like when the step was last taken; "" when it never was."""
        try:
            return self._path.read_text()
        except FileNotFoundError:
            return ""

    def remember(self, seen: str) -> None:
        """The step was taken, with everything as it was `seen` before."""
        self._path.write_text(seen)

    def _files(self) -> Iterator[Path]:
        for source in self._sources:
            if source.is_dir():
                yield from (path for path in source.rglob("*") if path.suffix != ".pyc")
            else:
                yield source
