"""Signing in and out."""

from datetime import timedelta
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .. import audit, pages, sign_in_links
from ..access import public
from ..actors import Actor
from ..models.audit_event import AuditEvent
from ..models.user import User
from ..people import demo_people
from ..refusals import Forbidden, Refused
from ..world import is_demo

_ATTEMPTS = 10
_ATTEMPTS_WITHIN = timedelta(minutes=15)
_LOCAL_NAMES = {"localhost", "127.0.0.1", "[::1]"}
_FORWARDING = ("HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP", "HTTP_X_FORWARDED")


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page: by password, and in the demo world as one of its people."""
    if request.method == "POST":
        try:
            return _enter(request, _by_password(request), "by password")
        except Refused as refusal:
            return _page(request, refusal)
    if request.user.is_authenticated:
        return redirect(_next(request))
    return _page(request)


@public
@require_POST
def demo_sign_in(request: HttpRequest, username: str) -> HttpResponse:
    """Sign in as a person of the demo world, on this very machine only."""
    _require_local_demo(request)
    person = demo_people().filter(username=username).first()
    if person is None:
        raise Forbidden("no_such_person", "Nobody of the demo world has this name.")
    return _enter(request, person, "in the demo world")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """A one-time link: reading it shows whose it is, posting uses it up."""
    if request.method == "POST":
        return _enter(request, sign_in_links.use(token, timezone.now()), "by one-time link")
    link = sign_in_links.find(token, timezone.now())
    return pages.render(request, "core/sign_in_link.html", {"link": link})


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out; the live streams of this session end within a second."""
    if request.user.is_authenticated:
        audit.record("sign_out", actor=Actor.person(request.user))
    logout(request)
    return redirect("sign-in")


@public
@require_GET
def more(request: HttpRequest) -> HttpResponse:
    """Everything that the phone's bottom bar has no room for."""
    return pages.render(request, "core/more.html")


@public
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep to the light or the dark theme, or follow the system again."""
    response = redirect(_next(request))
    response.set_cookie(
        "theme",
        request.POST.get("theme", "")[:8],
        max_age=31_536_000,
        samesite="Lax",
        secure=settings.HTTPS,
        httponly=True,
    )
    return response


def _by_password(request: HttpRequest) -> User:
    username = request.POST.get("username", "").strip()[:150]
    _slow_down(username)
    user = authenticate(request, username=username, password=request.POST.get("password", ""))
    if isinstance(user, User):
        return user
    audit.record("sign_in.fail", actor=Actor.system("sign-in"), subject=f"name:{username}"[:120])
    raise Refused("wrong_password", "The name and the password do not fit together.", status=422)


def _slow_down(username: str) -> None:
    since = timezone.now() - _ATTEMPTS_WITHIN
    failures = AuditEvent.objects.filter(
        subject=f"name:{username}"[:120], verb="sign_in.fail", at__gt=since
    )
    if failures.count() >= _ATTEMPTS:
        raise Refused(
            "too_many_attempts",
            "Too many wrong passwords for this name. Wait 15 min, or ask an admin for a "
            "one-time link.",
            status=429,
        )


def _enter(request: HttpRequest, user: User, how: str) -> HttpResponse:
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    audit.record("sign_in", actor=Actor.person(user), data={"how": how})
    return redirect(_next(request))


def _page(request: HttpRequest, refusal: Refused | None = None) -> HttpResponse:
    context = {
        "people": demo_people() if _is_local_demo(request) else [],
        "next": _next(request),
        "username": request.POST.get("username", ""),
        "refusal": refusal,
    }
    return pages.render(
        request, "core/sign_in.html", context, status=refusal.status if refusal else 200
    )


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(wanted, hosts, require_https=request.is_secure()):
        return wanted
    return "/"


def _require_local_demo(request: HttpRequest) -> None:
    if not _is_local_demo(request):
        raise Forbidden(
            "not_local",
            "Signing in with one click works in the demo world only, on the machine it runs on.",
        )


def _is_local_demo(request: HttpRequest) -> bool:
    """Demo world, loopback peer, local Host, and nothing that says "forwarded"."""
    forwarded = request.META.get("agentmesh.forwarded") or any(
        name.startswith(_FORWARDING) for name in request.META
    )
    host = request.get_host().rsplit(":", 1)[0] if not request.get_host().endswith("]") else "[::1]"
    return (
        not forwarded
        and host in _LOCAL_NAMES
        and ip_address(request.META["REMOTE_ADDR"]).is_loopback
        and is_demo()
    )
