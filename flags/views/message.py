"""The message of maintenance mode."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from agentmesh_release.core import pages
from agentmesh_release.core.access import permitted, require
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.middleware import note_refusal
from agentmesh_release.core.models.user import User
from agentmesh_release.core.refusals import Refused

from ..catalogue import MAINTENANCE
from ..forms import MessageForm
from ..models import Switch
from ..permissions import MESSAGE
from ..writing import tell
from .flip import say
from .switches import page_context


@require_POST
@permitted(MESSAGE)
def maintenance_message(request: HttpRequest) -> HttpResponse:
    """Save the message; while it is shown, it goes to the targets at once."""
    require(request.user, MESSAGE)
    switch = get_object_or_404(Switch, key=MAINTENANCE)
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _again(request, form, 422)
    try:
        flip = switch.save_message(by=Actor.person(cast(User, request.user)), **form.cleaned_data)
    except Refused as refusal:
        note_refusal(request, refusal)
        form.add_error("message", refusal.sentence)
        return _again(request, form, refusal.status)
    if flip is None:
        messages.success(request, "The message is saved. It is not shown to anybody now.")
    else:
        say(request, switch, tell(flip))
    return redirect("switches")


def _again(request: HttpRequest, form: MessageForm, status: int) -> HttpResponse:
    return pages.render(request, "flags/switches.html", page_context(request, form), status=status)


maintenance_message.place = "switches"  # type: ignore[attr-defined]
