"""Setting targets up, and taking them away."""

from django.db import transaction

from agentmesh_release.core import audit, live, polls
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import Poll
from agentmesh_release.core.refusals import Refused

from . import switches
from .models import Confirmation, Switch, Target
from .readings import POLL


def ensure(scope: str, name: str, url_name: str) -> Target:
    """See to it that the switches reach this app's `config_flags` table.

    `url_name` names the variable with the address of its database. Nothing is written there while
    the switches are on: what the table says is read and shown. What is off is written at once.
    """
    with transaction.atomic(), live.one_notice():
        switches.ensure()
        target, created = Target.objects.get_or_create(
            kind=Target.Kind.CONFIG_FLAGS,
            url_name=url_name,
            defaults={"name": name, "scope": scope},
        )
        if created:
            audit.record(
                "target.create",
                actor=Actor.system("setup"),
                subject=f"target:{target.pk}",
                label=str(target),
                scope=scope,
                data={"kind": target.kind, "url_name": url_name},
            )
        elif target.scope not in ("", scope):
            Target.objects.filter(pk=target.pk).update(scope="")
        _ask_it_all_switches(target)
        polls.ensure(POLL, url_name)
    target.refresh_from_db()
    return target


def _ask_it_all_switches(target: Target) -> None:
    for switch in Switch.objects.select_for_update().order_by("id"):
        _, created = Confirmation.objects.get_or_create(
            switch=switch,
            target=target,
            defaults={
                "number": switch.number,
                "state": Confirmation.State.OWED if switch.is_off else Confirmation.State.SETTLED,
            },
        )
        if created:
            live.stale(*switch.topics())


def leave(url_name: str, *, by: Actor) -> None:
    """Write switches to that database no longer; nothing happens when they never were.

    Raises Refused (`switch_off`) while one is off, since nobody would turn it on again there.
    """
    with transaction.atomic(), live.one_notice():
        target = Target.objects.select_for_update().filter(url_name=url_name).first()
        if target is None:
            return
        switches_there = list(Switch.objects.select_for_update().order_by("id"))
        if off := [switch for switch in switches_there if switch.is_off]:
            raise Refused(
                "switch_off",
                f"{off[0].position.statement}. Nobody could turn it back on in this app's database "
                "afterwards, so do that first.",
            )
        audit.record(
            "target.remove",
            actor=by,
            subject=f"target:{target.pk}",
            label=str(target),
            scope=target.scope,
            data={"kind": target.kind, "url_name": url_name},
        )
        target.delete()
        Poll.objects.filter(kind=POLL, scope=url_name).delete()
        for switch in switches_there:
            live.stale(*switch.topics())
