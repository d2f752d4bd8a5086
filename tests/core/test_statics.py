"""How styles are bound when static files are collected."""

import re

from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage

from agentmesh_release.core.statics import BOUND, Bound


def bound() -> str:
    source = StaticFilesStorage(location=settings.BASE_DIR / "static")
    with Bound(source).open(BOUND) as file:
        return str(file.read(), "utf-8")


def test_nothing_is_left_to_fetch() -> None:
    assert "@import" not in bound()
    assert "url(" not in bound()


def test_the_layers_are_named_first() -> None:
    layers = "@layer reset, tokens, base, layout, components, utilities;"
    assert bound().startswith(layers)


def test_every_part_is_in_it() -> None:
    parts = list((settings.BASE_DIR / "static/css/components").glob("*.css"))
    assert len(re.findall(r"@layer components {", bound())) == len(parts)
