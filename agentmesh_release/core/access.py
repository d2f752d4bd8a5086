"""Who may do what: permissions, registered by each app, held by roles, per project.

A view says what it needs (`@permitted("promotion.approve")`); the project is the `slug` of its
URL. What nobody was given nobody may do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from .actors import Actor
from .models.membership import Membership, Role
from .models.user import User
from .refusals import Forbidden
from .registries import Registry
from .sentences import listed

Args = ParamSpec("Args")
Visitor = User | AnonymousUser
View = TypeVar("View", bound=Callable[..., Any])

READ = "read"


@dataclass(frozen=True)
class Permission:
    """`act` completes "You may not …" and "… may"; admins hold every permission."""

    name: str
    act: str
    roles: frozenset[Role]


permissions: Registry[Permission] = Registry("permission")


def allow(name: str, act: str, *roles: Role) -> None:
    """Register a permission and the roles that hold it."""
    permissions.register(name, Permission(name, act, frozenset({*roles, Role.ADMIN})))


allow(READ, "read this", Role.RELEASE_MANAGER, Role.ON_CALL, Role.STAKEHOLDER)
allow("audit.read", "read the audit log", Role.RELEASE_MANAGER, Role.ON_CALL, Role.STAKEHOLDER)
allow("token.issue", "make API tokens", Role.RELEASE_MANAGER, Role.ON_CALL)
allow("token.oversee", "see and revoke everybody's API tokens")
allow("role.give", "give roles")
allow("settings.read", "see the settings", Role.RELEASE_MANAGER, Role.ON_CALL, Role.STAKEHOLDER)
allow("webhooks.read", "see the webhooks", Role.RELEASE_MANAGER)
allow("webhook.replay", "have a webhook applied again", Role.RELEASE_MANAGER)


def roles_of(visitor: Visitor) -> dict[str, Role]:
    """Scope to role; read once per request, since the visitor object is the request's."""
    if not visitor.is_authenticated or not visitor.is_active:
        return {}
    known: dict[str, Role] | None = getattr(visitor, "_roles", None)
    if known is None:
        granted = getattr(visitor, "granted", None)
        if granted is None:
            granted = visitor.memberships.values("scope", "role")
        known = {each["scope"]: Role(each["role"]) for each in granted}
        visitor._roles = known  # type: ignore[attr-defined]
    return known


def may(visitor: Visitor, permission: str, scope: str = "") -> bool:
    """Whether the visitor's role in that project, or everywhere, holds the permission."""
    holders = permissions.get(permission).roles
    roles = roles_of(visitor)
    return bool({roles.get(scope), roles.get("")} & holders)


def may_somewhere(visitor: Visitor, permission: str) -> bool:
    """Whether the visitor holds the permission in any project."""
    return bool(set(roles_of(visitor).values()) & permissions.get(permission).roles)


def scopes_of(visitor: Visitor, permission: str) -> frozenset[str] | None:
    """The projects in which the visitor holds the permission, for pages about several; None is all
    that there are."""
    holders = permissions.get(permission).roles
    held = frozenset(scope for scope, role in roles_of(visitor).items() if role in holders)
    return None if "" in held else held


def require(visitor: Visitor, permission: str, scope: str = "") -> None:
    """Raises Forbidden, with who may, unless the visitor may."""
    if not may(visitor, permission, scope):
        raise Forbidden("not_permitted", _refusal(permissions.get(permission), scope))


def who_may(permission: str, scope: str = "", *, but: int | None = None) -> list[str]:
    """First names of the active people who hold the permission there, except user `but`."""
    holders = permissions.get(permission).roles
    members = (
        Membership.objects.filter(scope__in={"", scope}, role__in=holders, user__is_active=True)
        .exclude(user__pk=but or 0)
        .select_related("user")
        .order_by("user__first_name", "user__username")
    )
    return list(dict.fromkeys(member.user.name for member in members))


def one_of(names: list[str]) -> str:
    """`Ada, Ben or Cleo`; `nobody yet` when the list is empty."""
    return listed(names, "or") or "nobody yet"


def permitted(
    permission: str,
) -> Callable[
    [Callable[Concatenate[HttpRequest, Args], HttpResponse]],
    Callable[Concatenate[HttpRequest, Args], HttpResponseBase],
]:
    """The view answers only who holds the permission in the project of its URL (`slug`).

    A stranger who reads is sent to sign in; one who posts is refused. The refusal of a person
    says who may, and is audited by the middleware.
    """

    def decorate(
        view: Callable[Concatenate[HttpRequest, Args], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, Args], HttpResponseBase]:
        @wraps(view)
        def guarded(
            request: HttpRequest, /, *args: Args.args, **kwargs: Args.kwargs
        ) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_a_stranger(request)
            scope = str(kwargs.get("slug", ""))
            if scope or not may_somewhere(request.user, permission):
                require(request.user, permission, scope)
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def acting(request: HttpRequest) -> Actor:
    """The person whose request this is, as an actor. Raises Forbidden for a stranger."""
    if not request.user.is_authenticated:
        raise signed_out()
    return Actor.person(request.user)


def signed_out() -> Forbidden:
    return Forbidden("signed_out", "You are not signed in, so nothing was changed. Sign in first.")


def _to_a_stranger(request: HttpRequest) -> HttpResponseBase:
    if request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path())
    raise signed_out()


def public(view: View) -> View:
    """Mark a view as open to everybody; every view is either `permitted` or `public`."""
    view.permission = None  # type: ignore[attr-defined]
    return view


_FIRST_ADMIN = "manage.py createadmin makes an admin."


def _refusal(permission: Permission, scope: str) -> str:
    where = f" in {scope}" if scope else ""
    names = who_may(permission.name, scope)
    who = f"{one_of(names)} may." if names else f"Nobody may yet: {_FIRST_ADMIN}"
    return f"Your role does not let you {permission.act}{where}. {who}"
