"""Who may send us webhooks: how large, signed how, and what one leads to.

sources.register("github", Source("github", "GitHub", ...))
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ...providers.errors import ProviderError
from ..connections import secret
from ..models.incoming_webhook import IncomingWebhook
from ..refusals import Refused
from ..registries import Registry


@dataclass(frozen=True)
class Outcome:
    """What became of one: applied or ignored, what it was about, and the sentence that says so."""

    state: IncomingWebhook.State
    about: str
    note: str


def applied(about: str, note: str) -> Outcome:
    return Outcome(IncomingWebhook.State.APPLIED, about, note)


def ignored(about: str, why: str) -> Outcome:
    return Outcome(IncomingWebhook.State.IGNORED, about, why)


class Unsigned(Refused):
    """Not signed with a secret of ours."""

    def __init__(self, sentence: str) -> None:
        super().__init__("bad_signature", sentence, status=401)


class Unreadable(Refused):
    """Signed, and still not what that sender sends."""

    def __init__(self, sentence: str) -> None:
        super().__init__("unreadable", sentence, status=400)


@dataclass(frozen=True)
class Arrival:
    """What the headers say of a webhook: the sender's id of it, and its kind."""

    delivery: str
    event: str


@dataclass(frozen=True)
class Source:
    """One sender.

    `identify` gets headers, raw body and our secrets; it checks the signature, and raises Unsigned
    or Unreadable. `apply` gets the stored webhook; it raises Unreadable for what can never be
    applied, anything else for what may work later. `secret_names` are variables, each may also be
    given with `_FILE`; the second one is there while the first is being changed.
    """

    name: str
    label: str
    cap_bytes: int
    secret_names: tuple[str, ...]
    identify: Callable[[Mapping[str, str], bytes, Sequence[str]], Arrival]
    apply: Callable[[IncomingWebhook], Outcome]

    def secrets(self) -> list[str]:
        """The secrets that are set, of those that it may be signed with."""
        return [value for name in self.secret_names if (value := _optional(name, self.label))]


sources: Registry[Source] = Registry("source of webhooks")


def _optional(name: str, label: str) -> str:
    try:
        return secret(name, label)
    except ProviderError:
        return ""
