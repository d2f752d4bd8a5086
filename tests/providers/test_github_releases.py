"""Tags and releases: made once, whatever happens in between."""

from __future__ import annotations

from typing import Any

import pytest

from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.github import GitHub, NewRelease
from tests.providers.payloads import REPO, SHA, commit, paged
from tests.providers.stub import Seen, Stub, Talk, raw, reply

TAG_AT = f"/repos/{REPO}/commits/tags/v1.0.0"
NEW = NewRelease("v1.0.0", SHA, "v1.0.0", "## Features")


def release(**more: object) -> dict[str, object]:
    known = {"id": 1, "tag_name": "v1.0.0", "name": "v1.0.0", "body": None, "assets": []}
    return {**known, "draft": False, "prerelease": False, **more}


class Hub:
    """A tiny GitHub that remembers tags and releases; `lose` answers after acting are lost."""

    def __init__(self, stub: Stub, lose: int = 0) -> None:
        self.tags: dict[str, str] = {}
        self.releases: dict[str, dict[str, object]] = {}
        self.annotated: dict[str, str] = {}
        self.acts = 0
        self.lose = lose
        stub.routes |= {
            TAG_AT: self.look,
            f"/repos/{REPO}/git/refs": self.ref,
            f"/repos/{REPO}/git/tags": self.annotate,
            f"/repos/{REPO}/releases": self.release,
            f"/repos/{REPO}/releases/tags/v1.0.0": self.by_tag,
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

    def release(self, seen: Seen) -> Talk:
        asked: Any = seen.json
        if asked["tag_name"] in self.releases:
            errors = [{"resource": "Release", "field": "tag_name", "code": "already_exists"}]
            return reply({"message": "Validation Failed", "errors": errors}, 422)
        made = release(body=asked["body"], target_commitish=asked["target_commitish"])
        self.releases[asked["tag_name"]] = made
        return self.acted(made)

    def by_tag(self, _seen: Seen) -> Talk:
        found = self.releases.get("v1.0.0")
        return reply({"message": "Not Found"}, 404) if found is None else reply(found)


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


def test_a_release_is_published_once(stub: Stub, github: GitHub) -> None:
    hub = Hub(stub)
    for _ in range(3):
        assert github.releases.ensure(REPO, NEW).body == "## Features"
    assert hub.acts == 1


def test_a_lost_answer_to_releasing_is_found_by_looking(stub: Stub, github: GitHub) -> None:
    hub = Hub(stub, lose=1)
    with pytest.raises(ProviderError) as caught:
        github.releases.ensure(REPO, NEW)
    assert caught.value.unsettled
    assert github.releases.ensure(REPO, NEW).tag == "v1.0.0"
    assert hub.acts == 1


def test_a_prerelease_never_becomes_the_latest(stub: Stub, github: GitHub) -> None:
    Hub(stub)
    github.releases.ensure(REPO, NewRelease("v1.0.0", SHA, "rc", "", prerelease=True))
    sent: Any = next(seen for seen in stub.seen if seen.method == "POST").json
    assert (sent["prerelease"], sent["make_latest"]) == (True, "false")


def test_no_latest_release_is_none(stub: Stub, github: GitHub) -> None:
    assert github.releases.latest(REPO) is None


def test_releases_and_tags_are_listed_over_pages(stub: Stub, github: GitHub) -> None:
    tag = {"name": "v1", "commit": {"sha": SHA}}
    asset = {"id": 1, "name": "a", "size": 2, "state": "starter"}
    paged(stub, f"/repos/{REPO}/tags", [tag] * 101)
    paged(stub, f"/repos/{REPO}/releases", [release(assets=[asset])] * 101)
    assert len(list(github.tags.all(REPO))) == 101
    assert [one.assets[0].state for one in github.releases.all(REPO)] == ["starter"] * 101
