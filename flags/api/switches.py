"""The switches for programs: how they stand, and flipping one."""

from datetime import datetime
from typing import Annotated, Literal, Self

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Path, Router, Schema
from pydantic import Field, StringConstraints

from agentmesh_release.core.access import require
from agentmesh_release.core.api.bearer import acting, needs, owner

from .. import switches
from ..catalogue import ORDER
from ..models import Switch
from ..models.switch import LONGEST_REASON
from ..permissions import OF_POSITION
from ..writing import tell

router = Router(tags=["Switches"])


class SwitchOut(Schema):
    """One switch: what was decided, and whether the targets hold it."""

    key: str
    name: str
    position: Literal["on", "off"] = Field(
        description="Of what it switches: with the API's kill switch, off means that the API is "
        "off; with maintenance mode, on means that the product is open."
    )
    statement: str
    since: datetime | None
    by: str
    reason: str
    confirmed: bool | None = Field(
        description="Whether every target has read it back; null when no target is set up."
    )

    @classmethod
    def of(cls, switch: Switch) -> Self:
        held = [each.agrees for each in switch.confirmations.all()]
        return cls(
            key=switch.key,
            name=str(switch),
            position="off" if switch.is_off else "on",
            statement=switch.position.statement,
            since=switch.since if switch.number else None,
            by=switch.by,
            reason=switch.why,
            confirmed=all(held) if held else None,
        )


class FlipIn(Schema):
    """Where to, and why."""

    to: Literal["on", "off"]
    reason: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_REASON)
    ]
    mended: bool = Field(
        False, description="Turning on again: what made it go off is mended, as the policy asks."
    )


@router.get(
    "/switches",
    operation_id="listSwitches",
    url_name="api-switches",
    response=list[SwitchOut],
    **needs("flags:read"),
)
def list_switches(request: HttpRequest) -> list[SwitchOut]:
    """How the kill switches and maintenance mode stand."""
    found = switches.in_order()
    prefetch_related_objects(found, "confirmations")
    return [SwitchOut.of(switch) for switch in found]


@router.post(
    "/switches/{slug:key}",
    operation_id="flipSwitch",
    url_name="api-switch",
    response=SwitchOut,
    **needs("switches:write"),
)
def flip_switch(
    request: HttpRequest,
    key: Annotated[str, Path(description=" or ".join(ORDER))],
    wish: FlipIn,
) -> SwitchOut:
    """Turn something off, or on again; answers within seconds, confirmed or not yet. A switch that
    stands there already is refused with 409.
    """
    require(owner(request), OF_POSITION[wish.to])
    switch = get_object_or_404(Switch, key=key)
    by = acting(request)
    if wish.to == "off":
        flip = switch.turn_off(by=by, reason=wish.reason)
    else:
        flip = switch.turn_on(by=by, reason=wish.reason, mended=wish.mended)
    tell(flip)
    return SwitchOut.of(Switch.objects.prefetch_related("confirmations").get(pk=switch.pk))
