"""The switchboard: three columns, always in the same place, each with its proof."""

from dataclasses import dataclass
from datetime import datetime

from . import switches
from .catalogue import Position, Wording
from .models import Confirmation, Switch
from .permissions import OF_POSITION, Others
from .proofs import Proof, proof


@dataclass(frozen=True)
class Column:
    """One switch as the page shows it; `who` may flip it, empty when the visitor may."""

    switch: Switch
    proofs: tuple[Proof, ...]
    who: str = ""

    @property
    def wording(self) -> Wording:
        return self.switch.wording

    @property
    def position(self) -> Position:
        return self.switch.position

    @property
    def next(self) -> Position:
        """Where the button leads to."""
        return self.wording.position(is_off=not self.switch.is_off)

    @property
    def leads_to(self) -> str:
        return "on" if self.switch.is_off else "off"

    @property
    def confirmed(self) -> int:
        return sum(each.is_confirmed for each in self.proofs)

    @property
    def is_confirmed(self) -> bool:
        return bool(self.proofs) and self.confirmed == len(self.proofs)

    @property
    def is_under_way(self) -> bool:
        return any(each.state == "running" for each in self.proofs)

    @property
    def statement(self) -> str:
        """What is true, no more than that: "Turning the API off", "The API should be off"."""
        if self.confirmed or not self.proofs:
            return self.position.statement
        return self.position.under_way if self.is_under_way else self.position.doubt

    @property
    def state(self) -> str:
        """What tints the column; empty while it rests and is confirmed."""
        if self.switch.is_off:
            return self.position.state
        return "" if self.is_confirmed else "drift"

    @property
    def statement_state(self) -> str:
        return "inconclusive" if self._is_doubtful else self.position.state

    @property
    def statement_icon(self) -> str:
        return "inconclusive" if self._is_doubtful else self.position.icon

    @property
    def heading(self) -> str:
        """ "Confirmed by 2 of 3 targets"."""
        count = len(self.proofs)
        if not count:
            return "Confirmed by nobody: no target yet"
        return f"Confirmed by {self.confirmed} of {count} target{'s' if count > 1 else ''}"

    @property
    def _is_doubtful(self) -> bool:
        return not self.switch.is_off and not self.confirmed and bool(self.proofs)


def switchboard(others: Others, now: datetime) -> list[Column]:
    """The columns in their order, as the visitor may use them; three queries at most."""
    found = {switch.pk: switch for switch in switches.in_order()}
    proofs: dict[int, list[Proof]] = {pk: [] for pk in found}
    for each in Confirmation.objects.select_related("target").order_by("target_id"):
        proofs[each.switch_id].append(proof(found[each.switch_id], each, now))
    return [
        Column(
            switch, tuple(proofs[pk]), others.instead(OF_POSITION["on" if switch.is_off else "off"])
        )
        for pk, switch in found.items()
    ]
