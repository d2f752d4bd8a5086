"""Null characters stop at the door: PostgreSQL stores none, in text or in a comparison."""

from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponse

from .middleware import answer
from .problems import is_for_programs
from .refusals import Refused

NULL = "\0"


def refuse_null_characters(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer 400 where the path, the query or a form holds one, before a view reads it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if any(NULL in text for text in _texts(request)):
            sentence = "The address or the form holds a null character. Leave it out."
            return answer(request, Refused("null_character", sentence, status=400))
        return get_response(request)

    return middleware


def _texts(request: HttpRequest) -> Iterator[str]:
    yield request.path
    # A body of the API is read by nobody before its token is known.
    for sent in (request.GET,) if is_for_programs(request) else (request.GET, request.POST):
        for name, values in sent.lists():
            yield name
            yield from values
