"""Wrong tokens, counted by the address that they come from, in this process's memory.

Nobody guesses 190 bits; the limit keeps whoever tries from keeping the database busy. It is high
enough for a broken job that sends an old token every second.
"""

import threading
import time
from collections import Counter

from ..refusals import Refused

MOST_A_MINUTE = 100


class TooManyWrong(Refused):
    """So many wrong tokens came from there that none is looked at for `wait_s` seconds."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(
            "too_many_wrong_tokens",
            f"Too many wrong tokens came from your address. Try again in {wait_s} s.",
            status=429,
        )
        self.wait_s = wait_s


class Attempts:
    """Counts within whole minutes; what was counted in an earlier one is forgotten."""

    def __init__(self, most: int = MOST_A_MINUTE) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._minute = 0
        self._wrong: Counter[str] = Counter()

    def counted(self, address: str) -> int:
        """How many came from there in this minute."""
        with self._lock:
            self._turn()
            return self._wrong[address]

    def guard(self, address: str) -> None:
        """Raises TooManyWrong once that address has used up this minute's."""
        if self.counted(address) >= self._most:
            raise TooManyWrong(60 - int(time.time()) % 60)

    def note(self, address: str) -> None:
        """Count one wrong token."""
        with self._lock:
            self._turn()
            self._wrong[address] += 1

    def forget(self) -> None:
        """Start anew."""
        with self._lock:
            self._wrong.clear()

    def _turn(self) -> None:
        minute = int(time.time()) // 60
        if minute != self._minute:
            self._minute = minute
            self._wrong.clear()


wrong_tokens = Attempts()
