"""Every page, in both themes, has nothing wrong on a phone and fits a small one."""

import pytest

from tests.browser.story import Story
from tests.pages.addresses import PAGES

from .conftest import ADMIN, Looker
from .pages import (
    ANYWHERE,
    FOR_ADMINS,
    FORMS_OF_THE_OVERVIEW,
    READ,
    REFUSED,
    finds_nothing_wrong,
    is_refused_well,
)
from .places import places

pytestmark = pytest.mark.browser
WIDTH, SMALL = 390, 320


@pytest.mark.parametrize("name", PAGES)
def test_who_acts_finds_nothing_wrong(story: Story, look: Looker, token: str, name: str) -> None:
    here = look(ADMIN if name in FOR_ADMINS else "ada")
    for place in places(name, story, token):
        finds_nothing_wrong(here, place, WIDTH, themes=True, fits=SMALL)


@pytest.mark.parametrize("name", READ)
def test_who_reads_finds_nothing_wrong(story: Story, look: Looker, token: str, name: str) -> None:
    finds_nothing_wrong(look("sam"), places(name, story, token)[0], WIDTH)


@pytest.mark.parametrize("name", ANYWHERE)
def test_a_stranger_finds_nothing_wrong(story: Story, look: Looker, token: str, name: str) -> None:
    finds_nothing_wrong(look(""), places(name, story, token)[0], WIDTH)


@pytest.mark.parametrize(("who", "place", "status"), REFUSED)
def test_a_refusal_is_a_page_like_any_other(
    look: Looker, who: str, place: str, status: int
) -> None:
    is_refused_well(look(who), place, status, WIDTH)


@pytest.mark.parametrize("query", FORMS_OF_THE_OVERVIEW)
def test_every_form_of_the_overview(look: Looker, query: str) -> None:
    here = look("ada")
    for width in (WIDTH, SMALL):
        finds_nothing_wrong(here, f"/?{query}", width)
