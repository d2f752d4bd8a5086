"""Everything that goes wrong in a request of the API, as problems (RFC 9457)."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from ..middleware import note_attempt
from ..models.api_token import ApiToken
from ..problems import problem
from ..refusals import Refused
from .attempts import TooManyWrong


def answer_with_problems(api: NinjaAPI) -> None:
    """Have that API answer refusals and errors as problems; what is our fault is left to Django."""
    for error, answer in _ANSWERS.items():
        api.add_exception_handler(error, answer)


def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    token = getattr(request, "auth", None)
    if isinstance(token, ApiToken):
        note_attempt(request, refusal, token.actor)
    return problem(refusal.status, refusal.sentence, refusal.code)


def _too_many(request: HttpRequest, refusal: TooManyWrong) -> HttpResponse:
    answer = problem(refusal.status, refusal.sentence, refusal.code)
    answer["Retry-After"] = str(refusal.wait_s)
    return answer


def _said_by_ninja(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, Refused):  # what our parser said of the body
        return _refused(request, error.__cause__)
    return problem(error.status_code, error.message)


def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(404, "There is nothing of that name.")


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422 with one entry for each part that does not fit; what was sent is not repeated."""
    errors = [{"where": _where(each), "sentence": each["msg"]} for each in error.errors]
    told = " ".join(f"{each['where']}: {each['sentence']}." for each in errors[:3])
    return problem(422, told, "invalid", errors=errors)


def _where(error: dict[str, Any]) -> str:
    """`query.commit`: the place and the name, without the layers that ninja puts between."""
    place, *names = [str(part) for part in error["loc"]]
    return ".".join([place, *names[-1:]])


def _no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem(401, "Send a token: Authorization: Bearer amr_…", "no_token")


_ANSWERS: dict[type[Exception], Callable[..., HttpResponse]] = {
    Refused: _refused,
    TooManyWrong: _too_many,
    AuthenticationError: _no_token,
    HttpError: _said_by_ninja,
    ValidationError: _invalid,
    Http404: _missing,
}
