"""Who has which role, everywhere or in one project; giving, changing and taking it."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from .. import pages, people, sign_in_links
from ..access import acting, permitted, require
from ..actors import Actor
from ..middleware import note_refusal
from ..models.membership import Membership, Role
from ..models.user import User
from ..refusals import Refused

GIVE = "role.give"
MOST = 500


@dataclass(frozen=True)
class Row:
    """One person: the role in the scope that is shown, and the one that holds everywhere."""

    user: User
    here: str
    everywhere: str

    @property
    def everywhere_label(self) -> str:
        return Role(self.everywhere).label if self.everywhere else ""


@require_http_methods(["GET", "POST"])
@permitted(GIVE)
def roles(request: HttpRequest) -> HttpResponse:
    """Roles that hold everywhere."""
    return page(request, "core/roles.html")


roles.place = "settings"  # type: ignore[attr-defined]


def page(
    request: HttpRequest, template: str, scope: str = "", beside: dict[str, Any] | None = None
) -> HttpResponse:
    """The roles of one scope; posting gives, changes or takes one. `beside` goes into the context
    of the template as it is."""
    require(request.user, GIVE, scope)
    context: dict[str, Any] = {
        "scope": scope,
        "roles": Role.choices,
        "typed": request.POST,
        **(beside or {}),
    }
    status = 200
    if request.method == "POST":
        try:
            link = _carry_out(request, scope)
        except Refused as refusal:
            note_refusal(request, refusal)
            context["refusal"], status = refusal, refusal.status
        else:
            if not link:
                return redirect(request.path)
            context["link"] = link
    rows = _rows(scope)
    context["rows"] = [row for row in rows if row.here or (scope and row.everywhere)]
    context["others"] = [row.user for row in rows if not row.here]
    return pages.render(request, template, context, status)


def _rows(scope: str) -> list[Row]:
    held = Membership.objects.filter(scope__in={"", scope}).values_list("user", "scope", "role")
    by_user: dict[int, dict[str, str]] = {}
    for user, where, role in held:
        by_user.setdefault(user, {})[where] = role
    everybody = User.objects.filter(is_active=True).order_by("first_name", "username")[:MOST]
    return [
        Row(user, by_user.get(user.pk, {}).get(scope, ""), by_user.get(user.pk, {}).get("", ""))
        for user in everybody
    ]


def _carry_out(request: HttpRequest, scope: str) -> str:
    """Do what was posted; answers a one-time link for somebody who is new, else nothing.

    Raises Refused.
    """
    by, role = acting(request), request.POST.get("role", "")
    if role not in ("", *Role.values):
        raise Refused("unknown_role", "There is no such role.", status=422)
    username = request.POST.get("username", "").strip()
    user = User.objects.filter(username__iexact=username, is_active=True).first()
    if user is None:
        return _invite(request, username, role, by, scope)
    if role:
        people.grant(user, Role(role), by=by, scope=scope)
        messages.success(request, f"{user.name} is {Role(role).label.lower()} from now on.")
    else:
        people.revoke(user, by=by, scope=scope)
        messages.success(request, f"{user.name} has no role there any more.")
    return ""


def _invite(request: HttpRequest, username: str, role: str, by: Actor, scope: str) -> str:
    name = " ".join(request.POST.get("name", "").split())[:150]
    if not (username and username.isascii() and username.replace("-", "").isalnum()):
        raise Refused("no_username", "Enter a user name of letters, digits and dashes.", status=422)
    if len(username) > 60:
        raise Refused("no_username", "A user name has at most 60 characters.", status=422)
    if not name or not role:
        raise Refused(
            "unknown_person",
            f"Nobody here has the user name {username}. To invite them, enter their name and a "
            "role too.",
            status=422,
        )
    if User.objects.filter(username__iexact=username).exists():
        raise Refused("inactive", f"{username} may not sign in any more.", status=422)
    user = people.invite(username, name, Role(role), by=by, scope=scope)
    token = sign_in_links.issue(user, by=by, now=timezone.now())
    return f"{settings.BASE_URL}{reverse('sign-in-link', args=[token])}"
