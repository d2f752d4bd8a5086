"""Tags, made once whatever happens in between; releases and their files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.github import GitHub, NewRelease
from agentmesh_release.providers.github.assets import uploads_base
from tests.providers.payloads import REPO, SHA, commit, paged
from tests.providers.stub import Seen, Stub, Talk, raw, reply

TAG_AT = f"/repos/{REPO}/commits/tags/v1.0.0"
NEW = NewRelease("v1.0.0", SHA, "v1.0.0", "## Features")


def release(**more: object) -> dict[str, object]:
    known = {"id": 1, "tag_name": "v1.0.0", "name": "v1.0.0", "body": None, "assets": []}
    return {**known, "draft": False, "prerelease": False, **more}


class Hub:
    """A tiny GitHub that remembers tags; `lose` answers after acting are lost."""

    def __init__(self, stub: Stub, lose: int = 0) -> None:
        self.tags: dict[str, str] = {}
        self.annotated: dict[str, str] = {}
        self.acts = 0
        self.lose = lose
        stub.routes |= {
            TAG_AT: self.look,
            f"/repos/{REPO}/git/refs": self.ref,
            f"/repos/{REPO}/git/tags": self.annotate,
        }

    def acted(self, data: object) -> Talk:
        self.acts += 1
        self.lose -= 1
        return raw(b"") if self.lose >= 0 else reply(data, 201)

    def look(self, _seen: Seen) -> Talk:
        sha = self.tags.get("v1.0.0")
        if sha is None:
            return reply({"message": "No commit found for SHA: tags/v1.0.0"}, 422)
        return reply({**commit(), "sha": sha})

    def annotate(self, seen: Seen) -> Talk:
        asked: Any = seen.json
        self.annotated["f" * 40] = asked["object"]
        return reply({"sha": "f" * 40}, 201)

    def ref(self, seen: Seen) -> Talk:
        asked: Any = seen.json
        name = asked["ref"].removeprefix("refs/tags/")
        if name in self.tags:
            return reply({"message": "Reference already exists"}, 422)
        self.tags[name] = self.annotated.get(asked["sha"], asked["sha"])
        return self.acted({})


def test_a_tag_is_made_and_confirmed(stub: Stub, github: GitHub) -> None:
    hub = Hub(stub)
    assert github.tags.ensure(REPO, "v1.0.0", SHA).sha == SHA
    assert hub.tags == {"v1.0.0": SHA}


def test_an_annotated_tag_stands_for_the_commit(stub: Stub, github: GitHub) -> None:
    hub = Hub(stub)
    github.tags.ensure(REPO, "v1.0.0", SHA, "AgentMesh 1.0.0")
    assert hub.tags == {"v1.0.0": SHA}
    assert github.tags.commit_of(REPO, "v1.0.0") == SHA


def test_a_tag_is_made_once(stub: Stub, github: GitHub) -> None:
    hub = Hub(stub)
    for _ in range(3):
        github.tags.ensure(REPO, "v1.0.0", SHA)
    assert hub.acts == 1


def test_a_lost_answer_to_tagging_is_found_by_looking(stub: Stub, github: GitHub) -> None:
    hub = Hub(stub, lose=1)
    with pytest.raises(ProviderError) as caught:
        github.tags.ensure(REPO, "v1.0.0", SHA)
    assert caught.value.unsettled
    github.tags.ensure(REPO, "v1.0.0", SHA)
    assert hub.acts == 1


def test_a_published_tag_is_never_moved(stub: Stub, github: GitHub) -> None:
    Hub(stub).tags["v1.0.0"] = "b" * 40
    with pytest.raises(ProviderError, match="a published tag is not moved") as caught:
        github.tags.ensure(REPO, "v1.0.0", SHA)
    assert caught.value.permanent


def test_who_tags_at_the_same_moment_is_no_error(stub: Stub, github: GitHub) -> None:
    hub = Hub(stub)
    look = hub.look

    def look_too_early(seen: Seen) -> Talk:
        stub.routes[TAG_AT] = look
        answer = look(seen)
        hub.tags["v1.0.0"] = SHA
        return answer

    stub.routes[TAG_AT] = look_too_early
    github.tags.ensure(REPO, "v1.0.0", SHA)
    assert hub.acts == 0


def test_a_commit_that_cannot_be_tagged_is_an_error(stub: Stub, github: GitHub) -> None:
    Hub(stub)
    stub.route(f"/repos/{REPO}/git/refs", reply({"message": "Object does not exist"}, 422))
    with pytest.raises(ProviderError, match="Object does not exist"):
        github.tags.ensure(REPO, "v1.0.0", SHA)


def test_a_draft_is_made_of_what_readers_will_see(stub: Stub, github: GitHub) -> None:
    stub.route(f"/repos/{REPO}/releases", reply(release(draft=True), 201))
    assert github.releases.draft(REPO, NEW).draft
    assert stub.seen[-1].json == {
        "tag_name": "v1.0.0",
        "target_commitish": SHA,
        "draft": True,
        "name": "v1.0.0",
        "body": "## Features",
        "prerelease": False,
    }


def test_publishing_says_whether_it_is_the_latest(stub: Stub, github: GitHub) -> None:
    stub.route(f"/repos/{REPO}/releases/1", reply(release()))
    assert not github.releases.edit(REPO, 1, NEW).draft
    sent: Any = stub.seen[-1].json
    assert (stub.seen[-1].method, sent["draft"], sent["make_latest"]) == ("PATCH", False, "true")


def test_a_prerelease_never_becomes_the_latest(stub: Stub, github: GitHub) -> None:
    stub.route(f"/repos/{REPO}/releases/1", reply(release(prerelease=True)))
    github.releases.edit(REPO, 1, replace(NEW, prerelease=True))
    sent: Any = stub.seen[-1].json
    assert (sent["prerelease"], sent["make_latest"]) == (True, "false")


def test_all_releases_of_a_tag_are_found_drafts_too(stub: Stub, github: GitHub) -> None:
    drafts = [release(id=number, draft=True) for number in (9, 7)]
    paged(stub, f"/repos/{REPO}/releases", [*drafts, release(id=3, tag_name="v0.9.0")])
    assert [each.id for each in github.releases.find(REPO, "v1.0.0")] == [7, 9]


@pytest.mark.parametrize("status", [204, 404])
def test_what_is_gone_need_not_be_deleted(stub: Stub, github: GitHub, status: int) -> None:
    answer = raw(b"HTTP/1.1 %d X\r\nConnection: close\r\nContent-Length: 0\r\n\r\n" % status)
    stub.route(f"/repos/{REPO}/releases/1", answer)
    stub.route(f"/repos/{REPO}/releases/assets/2", answer)
    github.releases.delete(REPO, 1)
    github.assets.delete(REPO, 2)
    assert [seen.method for seen in stub.seen] == ["DELETE", "DELETE"]


ASSET = {"id": 2, "name": "a.json", "size": 2, "state": "uploaded", "digest": "sha256:ab"}


def test_a_file_is_sent_as_it_is(stub: Stub, github: GitHub) -> None:
    path = f"/uploads/repos/{REPO}/releases/1/assets"
    stub.route(path, reply(ASSET, 201))
    asset = github.assets.upload(stub.url + path, "a.json", b"{}", "application/json")
    seen = stub.seen[-1]
    assert (seen.body, seen.headers["content-type"]) == (b"{}", "application/json")
    assert (seen.query["name"], asset.is_whole, asset.digest) == ("a.json", True, "sha256:ab")


def test_a_file_goes_to_no_other_host(github: GitHub) -> None:
    with pytest.raises(ProviderError, match="points to another host"):
        github.assets.upload("https://evil.example/x", "a", b"x", "text/plain")


@pytest.mark.parametrize(
    ("base", "uploads"),
    [
        ("https://api.github.com", "https://uploads.github.com"),
        ("https://git.example.com/api/v3", "https://git.example.com/api/uploads"),
        ("http://127.0.0.1:1/github", "http://127.0.0.1:1/github/uploads"),
    ],
)
def test_uploads_have_an_address_of_their_own(base: str, uploads: str) -> None:
    assert uploads_base(base) == uploads


def test_no_latest_release_is_none(stub: Stub, github: GitHub) -> None:
    assert github.releases.latest(REPO) is None


def test_releases_and_tags_are_listed_over_pages(stub: Stub, github: GitHub) -> None:
    tag = {"name": "v1", "commit": {"sha": SHA}}
    asset = {"id": 1, "name": "a", "size": 2, "state": "starter"}
    paged(stub, f"/repos/{REPO}/tags", [tag] * 101)
    paged(stub, f"/repos/{REPO}/releases", [release(assets=[asset])] * 101)
    assert len(list(github.tags.all(REPO))) == 101
    assert [one.assets[0].state for one in github.releases.all(REPO)] == ["starter"] * 101
