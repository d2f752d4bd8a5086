"""The token that a form must carry, and the one-time sentence that is shown after it."""

import secrets
from collections import OrderedDict

from ..sandbox import Sandbox

KEPT = 50
_notices: OrderedDict[str, str] = OrderedDict()


def token(sandbox: Sandbox) -> str:
    """The token of this sandbox: another page cannot read ours, so it cannot know it."""
    kept = sandbox.store.setting("csrf")
    if not kept:
        kept = secrets.token_urlsafe(32)
        sandbox.store.keep("csrf", kept)
    return kept


def is_valid(sandbox: Sandbox, given: str) -> bool:
    """Whether a form carries the token."""
    return secrets.compare_digest(given.encode(), token(sandbox).encode())


def leave(sentence: str) -> str:
    """Keep a sentence for the next page; the address only carries its key."""
    key = secrets.token_hex(6)
    _notices[key] = sentence
    while len(_notices) > KEPT:
        _notices.popitem(last=False)
    return key


def take(key: str) -> str:
    """The sentence left under a key, or an empty text."""
    return _notices.get(key, "")
