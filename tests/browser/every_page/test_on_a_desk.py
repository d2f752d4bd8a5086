"""Every page, in both themes, has nothing wrong on a desk."""

import pytest

from .pages import EveryPage


@pytest.mark.browser
class TestOnADesk(EveryPage):
    width = 1440
