"""Where the token of a call comes from when it does not stay the same."""

from __future__ import annotations

from typing import Protocol


class Bearer(Protocol):
    """`token` gives the one to send; it may have to be fetched, so it may raise ProviderError.
    `renew` is told which one was refused (401), and answers whether there is another to try."""

    def token(self) -> str: ...

    def renew(self, refused: str) -> bool: ...
