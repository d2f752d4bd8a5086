"""Publishing what was cut: tag, draft, files, and then readers see it."""

import hashlib
import json
from typing import Any

import pytest

from agentmesh_release.core.models import User
from agentmesh_release.core.refusals import Refused
from releases.models import Publication, Release
from releases.publication import publishing
from releases.publication.announcing import announcement

from .publishing import Press, told

pytestmark = pytest.mark.django_db


def file_of(press: Press, name: str) -> bytes:
    asset = next(each for each in press.shown()[0]["assets"] if each["name"] == name)
    answer = press.sandbox.session.get(
        asset["url"],
        headers={"Authorization": "Bearer x", "Accept": "application/octet-stream"},
        timeout=10,
    )
    return answer.content


def test_it_tags_drafts_attaches_and_publishes(press: Press) -> None:
    release = press.cut()
    operation = press.work(release)
    assert operation.state == "done", told(operation)
    assert release.state == "published"
    assert press.acts() == ["tag", "release", "file", "file", "update"]
    (shown,) = press.shown()
    assert (shown["tag_name"], shown["draft"], shown["name"]) == ("v1.1.1", False, "v1.1.1")
    assert "- c (" in shown["body"]
    assert [each["name"] for each in shown["assets"]] == ["CHANGELOG.md", "release.json"]


def test_what_readers_can_fetch_is_kept(press: Press) -> None:
    release = press.cut()
    press.work(release)
    publication = release.publication
    assert publication.page_url == press.shown()[0]["html_url"]
    assert publication.published_at is not None
    body = file_of(press, "release.json")
    kept = {each["name"]: each["digest"] for each in publication.files}
    assert kept["release.json"] == hashlib.sha256(body).hexdigest()
    assert json.loads(body) == publication.manifest
    assert file_of(press, "CHANGELOG.md").decode() == release.notes_markdown()


def test_artifacts_of_the_commit_go_with_it(press: Press) -> None:
    press.attach("bundle report.json", b'{"size": 1}', "bundle")
    press.attach("release.json", b"{}")
    release = press.cut()
    press.work(release)
    names = [each["name"] for each in press.shown()[0]["assets"]]
    assert names == ["CHANGELOG.md", "release.json", "bundle-report.json", "release-2.json"]
    assert file_of(press, "bundle-report.json") == b'{"size": 1}'


def test_what_comes_after_the_cut_is_validated_does_not(press: Press) -> None:
    release = press.cut()
    press.work(release)
    press.attach("late.json", b"{}")
    assert Publication.objects.get(release=release).manifest["artifacts"] == []


def test_a_tag_that_is_there_already_is_adopted(press: Press) -> None:
    release = press.cut()
    press.ask("POST", "/git/refs", {"ref": "refs/tags/v1.1.1", "sha": release.commit_sha})
    assert press.work(release).state == "done"
    assert press.acts().count("tag") == 1


def test_a_tag_on_another_commit_is_a_definite_no(press: Press) -> None:
    release = press.cut()
    other = press.ask("GET", "/commits/v1.1.0")["sha"]
    press.ask("POST", "/git/refs", {"ref": "refs/tags/v1.1.1", "sha": other})
    operation = press.work(release)
    assert (operation.state, release.state) == ("failed", "cut")
    assert f"at {other[:12]}, not at {release.commit_sha[:12]}" in operation.outcome
    assert press.shown() == []


def published_by_hand(press: Press, release: Release, **other: Any) -> None:
    wanted = announcement(release)
    text = wanted.body.rpartition("<!--")[0].replace("\n", "\r\n")
    body = {"tag_name": release.tag, "target_commitish": release.commit_sha, "name": wanted.name}
    press.ask("POST", "/releases", {**body, "body": text, **other})


def test_a_release_that_says_the_same_is_adopted_as_it_is(press: Press) -> None:
    release = press.cut()
    published_by_hand(press, release)
    assert press.work(release).state == "done"
    assert press.acts() == ["tag", "release", "file", "file"]


@pytest.mark.parametrize(
    ("other", "what"),
    [
        ({"body": "By hand."}, "its text"),
        ({"name": "One"}, "its title"),
        ({"prerelease": True}, "its pre-release mark"),
    ],
)
def test_a_release_that_says_something_else_is_left_alone(
    press: Press, other: dict[str, Any], what: str
) -> None:
    release = press.cut()
    published_by_hand(press, release, **other)
    operation = press.work(release)
    assert (operation.state, release.state) == ("failed", "cut")
    assert f"differs in {what}" in operation.outcome
    assert press.acts() == ["tag", "release"]


def test_drafts_of_others_are_left_alone(press: Press) -> None:
    release = press.cut()
    published_by_hand(press, release, draft=True, body="next")
    assert press.work(release).state == "done"
    assert sorted(each["draft"] for each in press.shown()) == [False, True]
    assert [each["body"] for each in press.shown() if each["draft"]] == ["next"]
    assert "no release" not in press.acts()


def test_another_file_on_a_published_release_is_left_alone(press: Press) -> None:
    release = press.cut()
    published_by_hand(press, release)
    upload = press.shown()[0]["upload_url"].partition("{")[0].removeprefix(press.sandbox.url)
    press.sandbox.ask("POST", f"{upload}?name=release.json", data=b"theirs")
    operation = press.work(release)
    assert operation.state == "failed"
    assert "another release.json attached" in operation.outcome
    assert file_of(press, "release.json") == b"theirs"


def test_who_mends_what_was_wrong_tries_again(press: Press, ada: User) -> None:
    release = press.cut()
    published_by_hand(press, release, body="By hand.")
    press.work(release)
    press.ask("DELETE", f"/releases/{press.shown()[0]['id']}")
    assert press.again(release).state == "done"
    assert release.state == "published"
    assert press.acts() == ["tag", "release", "no release", "release", "file", "file", "update"]


def test_what_is_frozen_stays_when_it_is_tried_again(press: Press) -> None:
    release = press.cut()
    press.fault("403", path="/repos", method="POST")
    assert press.work(release).state == "failed"
    frozen = release.publication.manifest
    press.attach("late.json", b"{}")
    press.heal()
    press.again(release)
    assert Publication.objects.get(release=release).manifest == frozen


def test_readers_never_see_it_without_its_files(press: Press) -> None:
    release = press.cut()
    press.fault("403", path="/uploads")
    assert press.work(release).state == "failed"
    assert [each["draft"] for each in press.shown()] == [True]
    press.heal()
    press.again(release)
    assert press.acts() == ["tag", "release", "file", "file", "update"]


def test_it_can_be_stopped_between_two_steps(press: Press) -> None:
    release = press.cut()
    publishing.stop(release, by=press.by, reason="not yet")
    release.refresh_from_db()
    assert release.state == "cut"
    assert press.acts() == []
    with pytest.raises(Refused, match="is not being published"):
        publishing.stop(release, by=press.by, reason="again")


def test_checks_that_fail_after_the_cut_stop_it(press: Press) -> None:
    release = press.cut()
    press.sandbox.act(
        "checks", project=press.project.slug, sha=release.commit_sha, conclusion="failure"
    )
    operation = press.work(release)
    assert operation.state == "failed"
    assert "Tests: Failed" in operation.outcome
    assert press.acts() == []


def test_two_are_published_one_after_the_other(press: Press) -> None:
    first = press.cut()
    press.land("feat: d")
    second = press.cut()
    assert [press.operation(each).state for each in (first, second)] == ["running", "queued"]
    press.work(first)
    assert press.work(second).state == "done"


def test_a_third_waits_to_be_cut(press: Press) -> None:
    for message in ("feat: d", "feat: e"):
        press.cut()
        press.land(message)
    with pytest.raises(Refused, match="waits behind it"):
        press.cut()
    assert press.project.releases.filter(cut_by="Ada").count() == 2
