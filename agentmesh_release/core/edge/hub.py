"""The hub: every open live stream of this process, and what they are told.

Streams carry topics only ("this is stale"), so nothing here is a secret and nothing has to be
kept: a client that cannot follow is dropped, comes back, and reads everything visible again.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from time import monotonic, time

from .clients import Client
from .messages import Unacceptable
from .tickets import LIFETIME_S

PUBLIC_TOPIC = "status"
BATCH_S = 0.05
HEARTBEAT_S = 15.0
_TICK_S = 0.5
_TURNS = int(HEARTBEAT_S / _TICK_S)  # heartbeats are spread over the ticks
_REMEMBER_S = 5.0  # a page may be older than the stream that it opens
REFRESH = b"event: refresh\ndata:\n\n"
LOST = b"event: lost\ndata:\n\n"
HEARTBEAT = b":\n\n"


@dataclass(frozen=True)
class Caps:
    """How many streams one process holds, and how many one person or address."""

    people: int = 2_000
    per_person: int = 20
    public: int = 1_000
    per_address: int = 50


class Hub:
    """`patience_s` is how long a client may keep us from writing to it."""

    def __init__(self, caps: Caps | None = None, *, patience_s: float = 10.0) -> None:
        self.patience_s = patience_s
        self._caps = caps or Caps()
        self._clients: set[Client] = set()
        self._counts: Counter[str] = Counter()
        self._ended_at: dict[str, float] = {}
        self._recent: deque[tuple[float, str]] = deque(maxlen=500)
        self._pending: dict[str, None] = {}
        self._resting: asyncio.TimerHandle | None = None
        self._ticking: asyncio.TimerHandle | None = None
        self._ticks = 0
        self.is_lost = True
        self._is_closed = False

    def join(self, client: Client) -> None:
        """Add a stream; raises Unacceptable (503) when there is no room."""
        room = "public" if client.is_public else "people"
        cap = self._caps.public if client.is_public else self._caps.people
        own = self._caps.per_address if client.is_public else self._caps.per_person
        if self._is_closed or self._counts[room] >= cap or self._counts[client.keys[0]] >= own:
            raise Unacceptable(
                503, "No live stream is free just now.", headers=[(b"retry-after", b"30")]
            )
        self._clients.add(client)
        self._counts.update((room, client.keys[0]))
        client.tell(LOST if self.is_lost else self._lately(client))

    def leave(self, client: Client) -> None:
        if client in self._clients:
            self._clients.discard(client)
            room = "public" if client.is_public else "people"
            for key in (room, client.keys[0]):
                self._counts[key] -= 1
                if not self._counts[key]:
                    del self._counts[key]

    def is_revoked(self, keys: Iterable[str], issued_at: float) -> bool:
        """Whether a ticket of that time (epoch seconds) was taken back since."""
        return any(issued_at <= self._ended_at.get(key, 0.0) for key in keys)

    def end(self, key: str) -> None:
        """Drop the streams of `user:<id>` or `session:<hash>` and refuse their tickets so far."""
        now = time()
        self._ended_at = {k: at for k, at in self._ended_at.items() if at > now - LIFETIME_S}
        self._ended_at[key] = now
        for client in self._clients:
            if key in client.keys:
                client.end()

    def hear(self, topics: Iterable[str]) -> None:
        """Tell everybody that these topics are stale: at once, then at most every `BATCH_S`."""
        self._pending.update(dict.fromkeys(topics))
        if self._resting is None:
            self._flush()

    def listening(self) -> None:
        """The bus is heard (again); what was said meanwhile is unknown."""
        self.is_lost = False
        self._everybody(REFRESH)

    def lost(self) -> None:
        """The bus is not heard; say so instead of looking live."""
        self.is_lost = True
        self._everybody(LOST)

    def start(self) -> None:
        self._is_closed = False
        self.tick()

    def stop(self) -> None:
        """End every stream and take no more."""
        self._is_closed = True
        for client in self._clients:
            client.end()
        if self._ticking:
            self._ticking.cancel()

    def __len__(self) -> int:
        return len(self._clients)

    def tick(self) -> None:
        """Heartbeats, and the end of those who keep us from writing or came long ago."""
        self._ticking = asyncio.get_running_loop().call_later(_TICK_S, self.tick)
        self._ticks += 1
        now = monotonic()
        for client in self._clients:
            if client.number % _TURNS == self._ticks % _TURNS:
                client.tell(HEARTBEAT)
            if client.writing_since and now - client.writing_since > self.patience_s:
                client.hang_up()
            if now > client.until:
                client.end()

    def _flush(self) -> None:
        topics, self._pending = list(self._pending), {}
        self._resting = None
        if not topics:
            return
        self._resting = asyncio.get_running_loop().call_later(BATCH_S, self._flush)
        self._recent.extend((time(), topic) for topic in topics)
        self._tell(stale(topics), stale(_public(topics)))

    def _lately(self, client: Client) -> bytes:
        since = time() - _REMEMBER_S
        topics = list(dict.fromkeys(topic for at, topic in self._recent if at > since))
        return stale(_public(topics) if client.is_public else topics)

    def _everybody(self, chunk: bytes) -> None:
        self._tell(chunk, chunk)

    def _tell(self, for_people: bytes, for_public: bytes) -> None:
        for client in self._clients:
            client.tell(for_public if client.is_public else for_people)


def stale(topics: Iterable[str]) -> bytes:
    """The events that say these topics are stale."""
    return b"".join(b"event: stale\ndata: %s\n\n" % topic.encode() for topic in topics)


def _public(topics: Iterable[str]) -> list[str]:
    return [topic for topic in topics if topic == PUBLIC_TOPIC]
