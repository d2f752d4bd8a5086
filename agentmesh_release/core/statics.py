"""Static files as browsers get them: hashed, compressed, and all styles bound into one file.

In the checkout each part of a page has a style file of its own; `css/app.css` imports them in
order. A browser would fetch them one after the other, in fifty requests, so they are bound when
static files are collected: one request under one hashed name, kept for ever.
"""

import re
from collections.abc import Iterator
from posixpath import dirname, join, normpath
from typing import Any, Protocol

from django.core.files.base import ContentFile, File
from whitenoise.storage import CompressedManifestStaticFilesStorage

BOUND = "css/app.css"
_IMPORT = re.compile(r'^@import url\("(?P<path>[^"]+)"\);\n', re.MULTILINE)
_COMMENT = re.compile(r"/\*.*?\*/\n*", re.DOTALL)


class Source(Protocol):
    """Where a collected file comes from."""

    def open(self, name: str) -> "File[bytes]": ...


class Bound:
    """A source that answers a stylesheet with everything it imports in its place."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def open(self, name: str) -> "File[bytes]":
        return ContentFile(self._read(name).encode(), name)

    def _read(self, name: str) -> str:
        with self._source.open(name) as file:
            text = _COMMENT.sub("", file.read().decode())
        return _IMPORT.sub(lambda found: self._read(_beside(name, found["path"])), text)


class BoundStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Binds the styles, then hashes and compresses as WhiteNoise does."""

    def post_process(
        self, paths: dict[str, tuple[Source, str]], *args: Any, **options: Any
    ) -> Iterator[Any]:
        folder = dirname(BOUND) + "/"
        kept = {
            name: found
            for name, found in paths.items()
            if name == BOUND or not name.startswith(folder)
        }
        source, path = kept[BOUND]
        kept[BOUND] = (Bound(source), path)
        yield from super().post_process(kept, *args, **options)


def _beside(name: str, path: str) -> str:
    return normpath(join(dirname(name), path))
