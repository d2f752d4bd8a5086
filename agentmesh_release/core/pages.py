"""Rendering: one template a page, of which htmx may ask for a part."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as render_template
from django.utils.cache import patch_cache_control, patch_vary_headers


def render(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, or only its partial when htmx asks for a target that has a partial of its name.

    So a partial is named like the `id` of the one element that it holds. A target without a
    partial gets the whole page, of which `hx-select` takes what it needs. What a page says holds
    for one person at one moment, so no cache answers with it unasked.
    """
    templates = [template]
    htmx = getattr(request, "htmx", None)
    if htmx and not htmx.boosted and htmx.target:
        templates.insert(0, f"{template}#{htmx.target}")
    response = render_template(request, templates, context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    patch_cache_control(response, private=True, no_cache=True)
    return response
