"""What the release's page shows of its publication, and the buttons on it."""

import pytest
from django.test import Client
from django.urls import reverse

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import User
from releases.models import Publication, Release
from releases.publication import publishing
from tests.cast import signed_in
from tests.releases.imports import since_release
from tests.releases.test_cut import cut

pytestmark = pytest.mark.django_db


def page(who: User, release: Release) -> str:
    here = reverse("release", args=["api", release.version])
    return signed_in(who).get(here).content.decode()


def stopped(by: User) -> Release:
    release = cut(since_release("fix: b"), by)
    publishing.stop(release, by=Actor.person(by), reason="The text is wrong.")
    return release


def test_it_shows_the_steps_while_it_is_published(ada: User, sam: User) -> None:
    release = cut(since_release("fix: b"), ada)
    shown = page(ada, release)
    for step in ("Validate", "Tag", "Draft", "Attach files", "Publish"):
        assert f'class="stop-name">{step}<' in shown
    assert "Stop publishing" in shown
    assert "Stop publishing" not in page(sam, release)


def test_it_says_why_it_is_not_published_and_who_may_tries_again(ada: User, sam: User) -> None:
    release = stopped(ada)
    shown = page(ada, release)
    assert "v1.2.4 is not published." in shown
    assert "The text is wrong." in shown
    assert "Try again" in shown
    assert "Try again" not in page(sam, release)


def test_try_again_publishes(ada: User) -> None:
    release = stopped(ada)
    here = reverse("publication", args=["api", release.version])
    assert signed_in(ada).post(here).status_code == 302
    release.refresh_from_db()
    assert release.state == "publishing"


def test_who_presses_twice_reads_why_not(ada: User) -> None:
    release = cut(since_release("fix: b"), ada)
    answer = signed_in(ada).post(reverse("publication", args=["api", release.version]))
    assert answer.status_code == 409
    assert "being published by now" in answer.content.decode()


def test_stopping_asks_why(client: Client, ada: User) -> None:
    release = cut(since_release("fix: b"), ada)
    here = reverse("publication-stop", args=["api", release.version])
    client.force_login(ada)
    assert client.post(here).status_code == 422
    assert client.post(here, {"reason": "Wait."}).status_code == 302
    assert Release.objects.get(pk=release.pk).state == "cut"


def test_it_shows_files_and_names_of_variables(ada: User) -> None:
    release = stopped(ada)
    Publication.objects.filter(release=release).update(
        page_url="https://github.com/demo/api/releases/tag/v1.2.4",
        files=[{"name": "release.json", "size": 1440, "digest": "ab", "url": "https://x/y"}],
        manifest={
            "schema": {"sha256": "c" * 64},
            "environment": {
                "variables": {"production": ["CRON", "DB"], "preview": ["DB"]},
                "node": "22.x",
            },
        },
    )
    shown = page(ada, release)
    assert "1.4" in shown
    assert "release.json" in shown
    assert "22.x" in shown
    assert "<code>DB</code></dt><dd>production, preview" in shown


def test_a_draft_says_what_keeps_it_from_being_cut(ada: User) -> None:
    since_release("fix: b")
    draft = signed_in(ada).get(reverse("draft", args=["api"])).content.decode()
    assert "Being validated." in draft
    dialog = signed_in(ada).get(reverse("cut", args=["api"])).content.decode()
    assert "The commit is being validated." in dialog
