"""What must not be done the real server refuses with a sentence, and keeps what was tried."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests

from tests.faults.person import Form, Person
from tests.pages.addresses import ACTS, COOKIELESS, GUARDED, WITH_CSRF, url_of

from .neighbourhood import Neighbourhood
from .story import Story

pytestmark = pytest.mark.browser

_numbers = itertools.count(1)
NOT_BY_ROLE = "Your role does not let you"


@dataclass
class Asked:
    """A promotion that Ada has asked for, and whose build can be approved."""

    story: Story
    version: str
    promotion: int

    def page(self, who: Person) -> str:
        return who.read(f"/projects/api/releases/{self.version}/").text

    def at(self, act: str) -> str:
        return f"/projects/api/promotions/{self.promotion}/{act}/"

    def approve(self) -> None:
        self.story.ben.decide("approval", "api", self.promotion)
        self.until("execution")

    def until(self, act: str) -> None:
        """Until Ben can press that."""
        self.story.until(lambda: self.at(act) in self.page(self.story.ben))

    def set_checks(self, conclusion: str, word: str) -> None:
        """GitHub says so of its commit, and the page has heard of it."""
        hood = self.story.hood
        found = hood.execute(
            "SELECT commit_sha FROM releases_release WHERE version = %s", self.version
        )
        hood.control("checks", project="api", sha=found[0][0], conclusion=conclusion)
        here = f"/projects/api/releases/{self.version}/"
        self.story.ben.send(self.at("check"), shown=here)
        self.story.until(lambda: f"CI checks {word}" in self.page(self.story.ben))


@pytest.fixture(scope="module")
def story(street: Neighbourhood) -> Story:
    street.control("speed", build_seconds=0.2, check_seconds=0.2, alias_seconds=0.2)
    return Story(street, {})


@pytest.fixture
def asked(story: Story) -> Asked:
    subject = f"refusal number {next(_numbers)}"
    story.hood.control("commits", project="api", type="feat", scope="x", subject=subject)
    story.until(lambda: subject in story.ada.read("/projects/api/draft/").text)
    story.cut("api")
    asked = Asked(story, story.versions["api"], story.promotions["api"])
    asked.until("approval")
    return asked


@pytest.fixture(scope="module")
def sam(street: Neighbourhood) -> Person:
    return Person(street.url, "sam")


@pytest.fixture
def _nothing_moves(story: Story) -> Iterator[None]:
    """What is refused here sends nothing to Vercel."""
    before = story.hood.journal(vendor="vercel", kind="promoted")
    yield
    assert story.hood.journal(vendor="vercel", kind="promoted") == before


def refused(answer: requests.Response, sentence: str, story: Story, who: str) -> None:
    """The page says so, and the log has it."""
    assert answer.status_code in (403, 409), answer.status_code
    assert sentence in answer.text
    noted = story.hood.execute(
        "SELECT reason FROM core_auditevent WHERE verb = 'refused' AND actor = %s"
        " ORDER BY id DESC LIMIT 1",
        who,
    )
    assert noted, "not in the audit log"
    assert sentence in noted[0][0]


def test_nobody_approves_what_they_asked_for(asked: Asked, story: Story) -> None:
    answer = story.ada.send(asked.at("approval"), reason="Looks good to me.")
    refused(
        answer, "You asked for this promotion, so someone else has to approve it.", story, "Ada"
    )
    assert "Ada</b> approved" not in asked.page(story.ben)


@pytest.mark.usefixtures("_nothing_moves")
@pytest.mark.parametrize(("conclusion", "word"), [("failure", "failed"), ("stale", "inconclusive")])
def test_a_gate_that_is_not_clear_blocks(
    asked: Asked, story: Story, conclusion: str, word: str
) -> None:
    asked.approve()
    asked.set_checks(conclusion, word)
    assert asked.at("execution") not in asked.page(story.ben), "the button is not locked"
    answer = story.ben.send(asked.at("execution"), reason="It is only CI.")
    refused(answer, "1\N{NO-BREAK SPACE}gate blocks this. CI checks:", story, "Ben")


@pytest.fixture
def other_watch(story: Story) -> Iterator[None]:
    """The project's policy changes, and with it every plan."""
    yield
    story.hood.execute("UPDATE releases_project SET watch_s = 60 WHERE slug = 'api'")


@pytest.mark.usefixtures("_nothing_moves")
def test_a_changed_plan_is_not_promoted(asked: Asked, story: Story, other_watch: None) -> None:
    asked.approve()
    story.hood.execute("UPDATE releases_project SET watch_s = 61 WHERE slug = 'api'")
    answer = story.ben.send(asked.at("execution"), reason="Approved as it was.")
    refused(answer, "The plan has changed since this page was shown", story, "Ben")


# Who may not, whatever they send


@pytest.mark.parametrize("name", ACTS)
def test_sam_cannot_act(story: Story, sam: Person, name: str) -> None:
    form = Form(sam.read("/more/").text).fields
    answer = sam.session.post(story.hood.url + url_of(name), form, timeout=20)
    refused(answer, NOT_BY_ROLE, story, "Sam")


@pytest.mark.parametrize("name", GUARDED)
def test_a_stranger_cannot_send_anything(street: Neighbourhood, name: str) -> None:
    with requests.Session() as stranger:
        stranger.trust_env = False
        form = Form(stranger.get(street.url + "/sign-in/", timeout=20).text).fields
        answer = stranger.post(street.url + url_of(name), form, timeout=20)
    assert answer.status_code in (403, 405)
    if answer.status_code == 403:
        assert "You are not signed in, so nothing was changed." in answer.text


@pytest.mark.parametrize("name", WITH_CSRF)
def test_nothing_is_taken_without_the_token_of_a_form(story: Story, name: str) -> None:
    answer = story.ada.session.post(story.hood.url + url_of(name), {"reason": "x"}, timeout=20)
    assert answer.status_code in (403, 405)
    if answer.status_code == 403:
        assert "too old to be trusted" in answer.text
        assert "Nothing was changed." in answer.text


@pytest.mark.parametrize("name", COOKIELESS)
def test_being_signed_in_is_nothing_where_programs_send(story: Story, name: str) -> None:
    answer = story.ada.session.post(story.hood.url + url_of(name), json={}, timeout=20)
    assert answer.status_code in (401, 405)


# Signing in with one click, from elsewhere


@pytest.mark.parametrize(
    ("header", "value", "sentence"),
    [
        ("X-Forwarded-For", "127.0.0.1", "on the machine it runs on"),
        ("Forwarded", "for=127.0.0.1", "on the machine it runs on"),
        ("Via", "1.1 proxy", "on the machine it runs on"),
        ("Host", "agentmesh.example", "This address is not served here"),
    ],
)
def test_nobody_signs_in_with_one_click_from_elsewhere(
    street: Neighbourhood, header: str, value: str, sentence: str
) -> None:
    with requests.Session() as visitor:
        visitor.trust_env = False
        form = Form(visitor.get(street.url + "/sign-in/", timeout=20).text).fields
        here = street.url + "/sign-in/ada/"
        answer = visitor.post(here, form, headers={header: value}, timeout=20)
        assert answer.status_code in (400, 403)
        assert sentence in answer.text
        assert "/sign-in/" in visitor.get(street.url + "/settings/", timeout=20).url
