"""Flipping a switch: the question as a page of its own, and the act."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from agentmesh_release.core import figures, pages
from agentmesh_release.core.access import permitted, require
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models.user import User
from agentmesh_release.core.refusals import Refused

from ..forms import FlipForm
from ..models import Flip, Switch
from ..permissions import OF_POSITION, OFF
from ..writing import tell


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(OFF)
def switch_flip(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for the reason, say the consequence; then flip, and say what the targets confirm."""
    switch = get_object_or_404(Switch, key=key)
    to = _wanted(request, switch)
    require(request.user, OF_POSITION[to])
    form = FlipForm(request.POST or None, switch=switch, to=to)
    if request.method != "POST":
        return _question(request, switch, to, form)
    if not form.is_valid():
        return _question(request, switch, to, form, status=422)
    by, reason = Actor.person(cast(User, request.user)), form.cleaned_data["reason"]
    if to == "off":
        flip = switch.turn_off(by=by, reason=reason)
    else:
        mended = form.cleaned_data.get("mended", False)
        flip = switch.turn_on(by=by, reason=reason, mended=mended)
    say(request, switch, tell(flip))
    return redirect("switches")


def say(request: HttpRequest, switch: Switch, flip: Flip) -> None:
    """Tell the person what came of it: proof, or that there is none yet."""
    targets = switch.confirmations.count()
    if flip.confirmed_in is not None and targets:
        took = figures.number(flip.confirmed_in.total_seconds(), "s", places=1)
        count = figures.count(targets, "target")
        messages.success(request, f"{flip}: confirmed by {count} in {took}.")
    elif flip.overtaken_at is not None:
        messages.warning(request, f"{flip}: somebody flipped it again before it was confirmed.")
    elif not targets:
        messages.warning(request, f"{flip}: kept here, but no target is set up to receive it yet.")
    else:
        messages.warning(
            request, f"{flip}: not confirmed yet. It goes on by itself; the proof appears below."
        )


def _wanted(request: HttpRequest, switch: Switch) -> str:
    """Where to flip to: always said by the page, which may be older than the last flip."""
    asked = request.POST.get("to", "") if request.method == "POST" else request.GET.get("to", "")
    if request.method != "POST" and not asked:
        return "on" if switch.is_off else "off"
    if asked not in OF_POSITION:
        raise Refused(
            "no_position", "Say whether it is to be turned off or on; nothing was changed.",
            status=400,
        )  # fmt: skip
    return asked


def _question(
    request: HttpRequest, switch: Switch, to: str, form: FlipForm, status: int = 200
) -> HttpResponse:
    context = {
        "switch": switch,
        "to": to,
        "form": form,
        "position": switch.wording.position(is_off=to == "off"),
    }
    return pages.render(request, "flags/flip.html", context, status=status)


switch_flip.place = "switches"  # type: ignore[attr-defined]
