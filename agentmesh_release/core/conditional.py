"""Answers that a reader need not be given twice (RFC 9110, section 13)."""

from datetime import datetime
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date

# How long anybody's cache may answer in our place with what is public.
PUBLIC_S = 60


def answer(
    request: HttpRequest,
    content: bytes,
    content_type: str,
    updated_at: datetime | None,
    *,
    is_public: bool = False,
) -> HttpResponse:
    """The content, or 304 where the reader has just that. `is_public` is the same for everybody,
    so that any cache between us may keep it for a minute."""
    etag = f'"{sha256(content).hexdigest()[:32]}"'
    response = HttpResponse(content, content_type=content_type)
    response["ETag"] = etag
    modified = int(updated_at.timestamp()) if updated_at else None
    if modified is not None:
        response["Last-Modified"] = http_date(modified)
    if is_public:
        patch_cache_control(response, public=True, max_age=PUBLIC_S)
    else:
        patch_cache_control(response, private=True, no_cache=True)
    known = get_conditional_response(request, etag, modified, response)
    return known if isinstance(known, HttpResponse) else response
