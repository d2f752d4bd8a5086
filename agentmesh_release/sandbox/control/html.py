"""The page itself."""

from pathlib import Path

from ..sandbox import Sandbox
from ..wire import Json
from . import tokens

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def stylesheet() -> bytes:
    """The stylesheet beside this file."""
    return (Path(__file__).parent / "style.css").read_bytes()


def sentence(path: str, values: Json, facts: Json) -> str:
    """What was done, for the reader of the page."""
    return path


def page(sandbox: Sandbox, notice: str) -> str:
    """The page."""
    return f'<!doctype html><title>Sandbox</title><h1>Sandbox</h1><p>{notice}</p><input name="csrf" value="{tokens.token(sandbox)}">'
