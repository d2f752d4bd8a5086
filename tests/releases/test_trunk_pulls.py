"""Open pull requests, and what became of them."""

from datetime import timedelta

import pytest

from releases.models import PullRequest
from tests.releases.imports import NOW
from tests.releases.sandboxed import Demo

pytestmark = pytest.mark.django_db


def states(demo: Demo) -> dict[str, str]:
    demo.read()
    return dict(PullRequest.objects.values_list("title", "state"))


def test_an_open_one_is_seen(demo: Demo) -> None:
    number = demo.act("pulls", title="feat: soon")["number"]
    demo.read()
    pull = PullRequest.objects.get(number=number)
    assert (pull.title, pull.state) == ("feat: soon", "open")
    assert pull.url.endswith(f"/pull/{number}")


def test_a_merged_one_is_merged(demo: Demo) -> None:
    number = demo.act("pulls", title="feat: soon")["number"]
    assert states(demo)["feat: soon"] == "open"
    demo.act("pulls/merge", number=number)
    assert states(demo)["feat: soon"] == "merged"


def test_one_that_github_no_longer_knows_is_closed(demo: Demo) -> None:
    demo.read()
    PullRequest.objects.create(
        project=demo.project,
        number=77_777,
        title="feat: lost",
        state="open",
        head_sha="a" * 40,
        url="https://github.com/demo/api/pull/77777",
        created_at=demo.project.created_at,
        read_at=demo.project.created_at,
    )
    assert states(demo)["feat: lost"] == "closed"


def test_what_did_not_change_is_only_read_again(demo: Demo) -> None:
    demo.act("pulls", title="feat: soon")
    demo.read()
    PullRequest.objects.update(read_at=NOW - timedelta(hours=1))
    before = PullRequest.objects.get(title="feat: soon")
    demo.read()
    after = PullRequest.objects.get(title="feat: soon")
    assert after.read_at > before.read_at
    assert after.pk == before.pk


def test_a_hostile_title_is_kept_as_text(demo: Demo) -> None:
    title = "feat: <script>alert(1)</script> \N{RIGHT-TO-LEFT OVERRIDE} {{ x }}"
    demo.act("pulls", title=title)
    assert title in states(demo)
