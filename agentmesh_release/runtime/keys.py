"""Secrets of the embedded house: made once, one file each, readable by their owner alone."""

import os
import secrets
from pathlib import Path


def secret(path: Path) -> str:
    """The secret that `path` holds; a new random one (192 bits, hexadecimal) the first time.

    The file has mode 0600 from its first byte on and ends without a newline, as `*_FILE` variables
    are read verbatim. Two processes that make it at once get the same one.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        return path.read_text()
    except FileNotFoundError:
        _write_whole(path, secrets.token_hex(24))
        return path.read_text()


def _write_whole(path: Path, text: str) -> None:
    half = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(half, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)
    try:
        os.link(half, path)  # unlike a rename, never replaces what another process made
    except FileExistsError:
        pass
    finally:
        half.unlink()
