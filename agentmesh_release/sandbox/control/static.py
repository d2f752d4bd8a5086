"""The page wears the product's own stylesheet and icons, read from the checkout when asked.

Without them (a sandbox alone) the page is plain and works all the same.
"""

import re
from pathlib import Path

HOUSE = Path(__file__).parents[3] / "static"
OWN = Path(__file__).parent / "control.css"
IMPORT = re.compile(r'^@import url\("([a-z0-9/.-]+)"\);$', re.M)
FILES = {"icons.svg": "image/svg+xml", "icon.svg": "image/svg+xml"}


def stylesheet() -> bytes:
    """One stylesheet: the product's, with its imports put in, then the page's own."""
    return (_with_imports(HOUSE / "css" / "app.css") + OWN.read_text()).encode()


def _with_imports(file: Path) -> str:
    if not file.is_file():
        return ""
    return IMPORT.sub(lambda found: _with_imports(file.parent / found[1]), file.read_text())


def file(name: str) -> tuple[bytes, str] | None:
    """A drawing of the product and its type."""
    kind = FILES.get(name)
    found = HOUSE / name
    return (found.read_bytes(), kind) if kind and found.is_file() else None
