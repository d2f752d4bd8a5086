"""The audit log's filters take whatever stands in an address."""

import pytest
from django.urls import reverse

from agentmesh_release.core.models import User
from tests.cast import signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-13-45", "soon", "2026-11-24"])
@pytest.mark.parametrize("name", ["since", "until"])
def test_no_day_is_too_odd(ada: User, name: str, day: str) -> None:
    page = signed_in(ada).get(reverse("audit"), {name: day})
    assert page.status_code == 200
    assert day in page.content.decode()
