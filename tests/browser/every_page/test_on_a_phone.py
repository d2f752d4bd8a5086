"""Every page, in both themes, has nothing wrong on a phone and fits a small one."""

import pytest

from .pages import EveryPage


@pytest.mark.browser
class TestOnAPhone(EveryPage):
    width, fits = 390, 320
