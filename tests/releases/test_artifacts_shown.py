"""The artifacts of a release, against those of the release before."""

from typing import Any

from agentmesh_release.core.models import User
from releases import artifacts
from releases.models import Artifact, Release
from tests.cast import signed_in

from .conftest import NEW_SHA, OLD_SHA, Api

PAGE = "/projects/api/releases/1.1.0/"


def sent(api: Api, sha: str, kind: str, name: str = "report", **fields: Any) -> Artifact:
    return Artifact.objects.create(
        project=api.project, commit_sha=sha, kind=kind, name=name, body=b"x", size=1,
        media_type="application/json", digest="ab" * 32, sent_by="Robo", **fields,
    )  # fmt: skip


def linked(api: Api) -> Release:
    Release.objects.filter(pk=api.new.pk).update(previous=api.old)
    return Release.objects.get(pk=api.new.pk)


def test_each_is_compared_with_its_like_of_the_release_before(api: Api, sam: User) -> None:
    linked(api)
    sent(api, OLD_SHA, "bundle", figures={"bundle_bytes": 400_000})
    sent(api, NEW_SHA, "bundle", figures={"bundle_bytes": 412_000})
    sent(api, NEW_SHA, "bundle", name="admin", figures={"bundle_bytes": 9_000})
    page = signed_in(sam).get(PAGE).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "bundle +12 KB" in page
    assert "Nothing to compare with" in page
    assert "Against v1.0.0" in page


def test_the_newest_of_its_name_counts(api: Api) -> None:
    for size in (1_000, 2_000):
        sent(api, NEW_SHA, "bundle", figures={"bundle_bytes": size})
    (found,) = artifacts.of_head(api.project, None)
    assert found.row["figures"] == {"bundle_bytes": 2_000}


def test_failed_tests_are_bad_and_said_so(api: Api, sam: User) -> None:
    sent(api, NEW_SHA, "tests", figures={"tests": 3, "failed": 1, "skipped": 0})
    (found,) = artifacts.of_head(api.project, api.old)
    told = [(is_bad, words.replace("\N{NO-BREAK SPACE}", " ")) for is_bad, words in found.said]
    assert told == [(False, "3 tests"), (True, "1 failed test")]


def test_new_findings_are_told_by_their_marks(api: Api) -> None:
    linked(api)
    sent(api, OLD_SHA, "security", summary={"marks": ["a"]}, figures={"findings": 1})
    sent(api, NEW_SHA, "security", summary={"marks": ["b", "c"]}, figures={"findings": 2})
    (found,) = artifacts.of_head(api.project, api.old)
    told = [(state, words.replace("\N{NO-BREAK SPACE}", " ")) for state, words in found.told]
    assert told == [("warning", "2 new findings"), ("passed", "1 finding fewer")]


def test_a_file_is_listed_and_not_compared(api: Api) -> None:
    sent(api, NEW_SHA, "file", name="notes.pdf", figures={"bytes": 1})
    (found,) = artifacts.of_head(api.project, None)
    assert (found.told, found.is_file) == ([], True)


def test_hostile_names_and_problems_stay_text(api: Api, sam: User) -> None:
    sent(api, NEW_SHA, "file", name="<img src=x>", problems=["<b>no</b>"])
    page = signed_in(sam).get(PAGE).content.decode()
    assert "<img src=x>" not in page
    assert "<b>no</b>" not in page


def test_the_bytes_stay_in_the_database(api: Api, sam: User) -> None:
    sent(api, NEW_SHA, "file")
    assert "body" not in artifacts.FIELDS
    assert signed_in(sam).get(PAGE).status_code == 200
