"""Commits, comparisons, contents: whole, or an error."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from itertools import islice

import pytest

from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.github import GitHub
from tests.providers.payloads import REPO, commit, paged
from tests.providers.stub import Stub, raw, reply

COMPARE = f"/repos/{REPO}/compare/v1...main"


def comparison(total: int) -> dict[str, object]:
    head = {"status": "ahead", "ahead_by": total, "behind_by": 0, "total_commits": total}
    return {**head, "merge_base_commit": {"sha": "b" * 40}, "files": []}


def test_a_branch_is_read_page_by_page(stub: Stub, github: GitHub) -> None:
    paged(stub, f"/repos/{REPO}/commits", [commit(n) for n in range(250)])
    shas = [one.sha for one in github.commits.on_branch(REPO, "main")]
    assert shas == [f"{n:040x}" for n in range(250)]
    assert len(stub.seen) == 3


def test_no_page_is_asked_for_before_it_is_reached(stub: Stub, github: GitHub) -> None:
    paged(stub, f"/repos/{REPO}/commits", [commit(n) for n in range(250)])
    list(islice(github.commits.on_branch(REPO, "main"), 50))
    assert len(stub.seen) == 1


def test_a_commit_is_read_with_its_times_in_utc(stub: Stub, github: GitHub) -> None:
    stub.route(f"/repos/{REPO}/commits/main", reply(commit(3, "fix: é\n\nbody")))
    one = github.commits.get(REPO, "main")
    assert (one.author_login, one.message) == ("ada", "fix: é\n\nbody")
    assert one.authored_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_a_commit_of_someone_github_does_not_know_is_read(stub: Stub, github: GitHub) -> None:
    unknown = {**commit(), "author": None}
    unknown["commit"] = {"message": "", "author": None, "committer": None}
    stub.route(f"/repos/{REPO}/commits/main", reply(unknown))
    one = github.commits.get(REPO, "main")
    assert (one.author_login, one.author_name, one.committed_at) == (None, "", None)


@pytest.mark.parametrize("total", [0, 1, 100, 250, 251, 600])
def test_a_comparison_is_complete(stub: Stub, github: GitHub, total: int) -> None:
    paged(stub, COMPARE, [commit(n) for n in range(total)], comparison(total), "commits")
    found = github.commits.between(REPO, "v1", "main")
    assert [one.sha for one in found.commits] == [f"{n:040x}" for n in range(total)]
    assert stub.seen[0].query["page"] == "1"


def test_a_comparison_that_lacks_commits_is_an_error(stub: Stub, github: GitHub) -> None:
    paged(stub, COMPARE, [commit(n) for n in range(250)], comparison(251), "commits")
    with pytest.raises(ProviderError, match="listed 250 of the 251 commits") as caught:
        github.commits.between(REPO, "v1", "main")
    assert not caught.value.permanent


def test_a_comparison_that_repeats_a_commit_is_an_error(stub: Stub, github: GitHub) -> None:
    paged(stub, COMPARE, [commit(1), commit(1)], comparison(2), "commits")
    with pytest.raises(ProviderError, match="of the 2 commits"):
        github.commits.between(REPO, "v1", "main")


def test_three_hundred_files_may_be_a_cut_list(stub: Stub, github: GitHub) -> None:
    files = [{"filename": f"{n}.py", "status": "added"} for n in range(300)]
    stub.route(COMPARE, reply({**comparison(0), "commits": [], "files": files}))
    assert github.commits.between(REPO, "v1", "main").files_may_be_cut


def test_pages_in_a_circle_end(stub: Stub, github: GitHub) -> None:
    path = f"/repos/{REPO}/commits"
    stub.route(path, reply([commit()], link=f'<{stub.url}{path}?page=2>; rel="next"'))
    with pytest.raises(ProviderError, match="in a circle"):
        list(github.commits.on_branch(REPO, "main"))


def test_a_next_page_on_another_host_is_not_asked(stub: Stub, github: GitHub) -> None:
    stub.say(reply([commit()], link='<https://evil.example/2>; rel="next"'))
    with pytest.raises(ProviderError, match="another host"):
        list(github.commits.on_branch(REPO, "main"))


def test_distance_costs_one_small_call(stub: Stub, github: GitHub) -> None:
    stub.route(COMPARE, reply({**comparison(9), "status": "diverged", "behind_by": 2}))
    assert github.commits.distance(REPO, "v1", "main").behind_by == 2
    assert stub.seen[0].query == {"per_page": "1", "page": "1"}


def content(text: bytes, encoding: str = "base64") -> dict[str, object]:
    encoded = base64.encodebytes(text).decode() if encoding == "base64" else ""
    return {"type": "file", "sha": "c" * 40, "encoding": encoding, "content": encoded}


def test_a_file_is_its_bytes(stub: Stub, github: GitHub) -> None:
    stub.route(f"/repos/{REPO}/contents/a b/é.sql", reply(content(b"SELECT 1;\r\n\x00" * 20)))
    one = github.contents.file(REPO, "a b/é.sql", "main")
    assert one.content == b"SELECT 1;\r\n\x00" * 20
    assert stub.seen[0].raw_path.endswith("/contents/a%20b/%C3%A9.sql")


def test_a_big_file_is_asked_for_raw(stub: Stub, github: GitHub) -> None:
    stub.say(reply(content(b"", "none")), reply(body=b"big" * 9))
    assert github.contents.file(REPO, "big.sql", "main").content == b"big" * 9
    assert stub.seen[1].headers["accept"] == "application/vnd.github.raw+json"


def test_an_empty_file_is_empty(stub: Stub, github: GitHub) -> None:
    stub.say(reply(content(b"")))
    assert github.contents.file(REPO, "empty", "main").content == b""


def test_a_directory_is_listed(stub: Stub, github: GitHub) -> None:
    entry = {"name": "1_init", "path": "m/1_init", "type": "dir", "sha": "d" * 40, "size": 0}
    stub.say(reply([entry]))
    listed = github.contents.directory(REPO, "m", "main")
    assert (listed.entries[0].kind, listed.may_be_cut) == ("dir", False)


def test_a_full_thousand_of_entries_may_be_cut(stub: Stub, github: GitHub) -> None:
    entry = {"name": "1", "path": "m/1", "type": "dir", "sha": "d" * 40, "size": 0}
    stub.say(reply([entry] * 1000))
    assert github.contents.directory(REPO, "m", "main").may_be_cut


def test_a_file_is_no_directory_and_the_other_way_round(stub: Stub, github: GitHub) -> None:
    stub.say(reply([]), reply(content(b"")), reply({"type": "submodule"}))
    with pytest.raises(ProviderError, match="is a directory"):
        github.contents.file(REPO, "x", "main")
    with pytest.raises(ProviderError, match="is a file"):
        github.contents.directory(REPO, "x", "main")
    with pytest.raises(ProviderError, match="is a submodule"):
        github.contents.file(REPO, "x", "main")


def test_no_path_leaves_the_repository(github: GitHub) -> None:
    with pytest.raises(ProviderError, match="inside a repository"):
        github.contents.file(REPO, "../../secrets", "main")


def test_half_a_page_is_no_page(stub: Stub, github: GitHub) -> None:
    stub.say(*[raw(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n[{}")] * 3)
    with pytest.raises(ProviderError, match="broke off"):
        list(github.commits.on_branch(REPO, "main"))
