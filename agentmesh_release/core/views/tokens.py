"""API tokens: the list, making one, and revoking it."""

from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from .. import dialogs, pages, tokens
from ..access import acting, may, may_somewhere, permitted
from ..dialogs import reason_of
from ..forms import TokenForm
from ..middleware import note_refusal
from ..models.api_token import ApiToken
from ..models.user import User
from ..paging import page_of
from ..refusals import Forbidden, Refused

PER_PAGE = 50


@dataclass(frozen=True)
class Row:
    """A token as the list shows it; `lost` are its rights that its owner's role lacks by now."""

    token: ApiToken
    state: str
    word: str
    lost: tuple[str, ...] = ()

    @property
    def is_revocable(self) -> bool:
        return self.state != "cancelled"


@require_GET
@permitted("settings.read")
def token_list(request: HttpRequest) -> HttpResponse:
    """One's own tokens; an admin sees everybody's."""
    viewer = cast(User, request.user)
    found = ApiToken.objects.with_owners()
    if not _sees_all(viewer):
        found = found.filter(owner=viewer)
    page = page_of(found, request, per_page=PER_PAGE)
    context = {
        "page": page,
        "rows": [_row(token) for token in page.rows],
        "sees_all": _sees_all(viewer),
        "may_issue": may_somewhere(viewer, "token.issue"),
    }
    return pages.render(request, "core/tokens.html", context)


@require_http_methods(["GET", "POST"])
@permitted("token.issue")
def token_new(request: HttpRequest) -> HttpResponse:
    """Ask what it is for; then show its text, this once, in the answer and nowhere else."""
    owner, now = cast(User, request.user), timezone.now()
    form = TokenForm(request.POST or None, owner=owner)
    if request.method != "POST":
        return _question(request, form)
    if not form.is_valid():
        return _question(request, form, status=422)
    try:
        token, text = tokens.issue(owner, form.wish(now), now=now)
    except Refused as refusal:
        note_refusal(request, refusal)
        return _question(request, form, refusal, refusal.status)
    shown = pages.render(request, "core/token_made.html", {"token": token, "text": text})
    shown["Cache-Control"] = "no-store"
    return shown


@require_http_methods(["GET", "POST"])
@permitted("token.issue")
def token_revocation(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a token worthless."""
    token = get_object_or_404(ApiToken.objects.select_related("owner"), pk=pk)
    if token.owner_id != request.user.pk and not _sees_all(cast(User, request.user)):
        raise Forbidden("not_yours", f"This token is {token.owner}'s. They or an admin may end it.")

    def act() -> str:
        token.revoke(by=acting(request), reason=reason_of(request), now=timezone.now())
        messages.success(request, f"{token} is revoked: it is refused from now on.")
        return reverse("tokens")

    return dialogs.ask(request, "core/token_revocation.html", {"token": token}, act)


def _sees_all(viewer: User) -> bool:
    return may(viewer, "token.oversee")


def _row(token: ApiToken) -> Row:
    now = timezone.now()
    if token.is_revoked:
        return Row(token, "cancelled", "Revoked")
    if token.is_expired(now):
        return Row(token, "cancelled", "Ended")
    lost = tokens.lost_rights(token)
    if not token.owner.is_active or len(lost) == len(token.rights):
        return Row(token, "held", "Refused", lost)
    return Row(token, "ok", "Good", lost)


def _question(
    request: HttpRequest, form: TokenForm, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    owner = cast(User, request.user)
    context = {
        "form": form,
        "rights": list(tokens.permitted_rights(owner)),
        "chosen": form["rights"].value() or [],
        "refusal": refusal,
    }
    return pages.render(request, "core/token_new.html", context, status=status)


token_new.place = token_revocation.place = "tokens"  # type: ignore[attr-defined]
