"""FACTS 1.1 to 1.4 and 10: who may ask, how errors look, what a call costs, how lists are paged."""

import re
import time
from pathlib import Path

from .conftest import Registered, register
from .histories import History
from .running import Running


def test_1_1_a_call_without_a_user_agent_is_refused(shown: Registered) -> None:
    assert shown.sandbox.ask("GET", shown.github, headers={"User-Agent": ""}).status == 403


def test_1_1_a_call_without_a_token_is_refused(shown: Registered) -> None:
    assert shown.sandbox.ask("GET", shown.github, headers={"Authorization": ""}).status == 401


def test_1_1_an_unknown_api_version_is_400(shown: Registered) -> None:
    old = {"X-GitHub-Api-Version": "2020-01-01"}
    assert shown.sandbox.ask("GET", shown.github, headers=old).status == 400


def test_1_1_the_2026_version_has_no_top_level_rate(sandbox: Running) -> None:
    new = {"X-GitHub-Api-Version": "2026-03-10"}
    assert "rate" in sandbox.get("/github/rate_limit")
    assert "rate" not in sandbox.get("/github/rate_limit", headers=new)


def test_1_2_an_error_has_a_message_and_an_address(shown: Registered) -> None:
    answer = shown.sandbox.ask("GET", "/github/repos/demo/nothing")
    assert answer.status == 404
    assert answer.body["message"] == "Not Found"
    assert answer.body["documentation_url"].startswith("https://docs.github.com/")


def test_1_2_a_validation_error_names_the_field(shown: Registered) -> None:
    answer = shown.sandbox.ask("POST", f"{shown.github}/releases", {"name": "no tag"})
    assert answer.status == 422
    error = {"resource": "Release", "field": "tag_name", "code": "missing_field"}
    assert answer.body["errors"] == [error]


def test_1_2_a_trailing_slash_is_404(shown: Registered) -> None:
    assert shown.sandbox.ask("GET", f"{shown.github}/commits/").status == 404


def test_1_2_a_slash_in_a_branch_name_has_to_be_encoded(sandbox: Running, tmp_path: Path) -> None:
    history = History()
    history.commit("feat: begin")
    history.commit("feat: aside", branch="team/aside", start=1)
    project = register(sandbox, history.write(tmp_path / "slash"))
    assert sandbox.get(f"{project.github}/branches/team%2Faside")["name"] == "team/aside"
    assert sandbox.ask("GET", f"{project.github}/branches/team/aside").status == 404


def test_1_2_broken_json_is_400(shown: Registered) -> None:
    answer = shown.sandbox.ask("POST", f"{shown.github}/releases", data=b"{")
    assert answer.status == 400


def test_1_3_every_answer_tells_what_is_left(shown: Registered) -> None:
    headers = {"Authorization": "Bearer one that nobody else uses"}
    first = shown.sandbox.ask("GET", shown.github, headers=headers).headers
    second = shown.sandbox.ask("GET", shown.github, headers=headers).headers
    assert first["x-ratelimit-limit"] == "5000"
    assert int(first["x-ratelimit-remaining"]) - int(second["x-ratelimit-remaining"]) == 1
    assert time.time() < int(first["x-ratelimit-reset"]) <= time.time() + 3600


def test_1_3_what_has_not_changed_is_304_and_free(shown: Registered) -> None:
    first = shown.sandbox.ask("GET", f"{shown.github}/commits")
    again = {"If-None-Match": first.headers["ETag"]}
    second = shown.sandbox.ask("GET", f"{shown.github}/commits", headers=again)
    assert second.status == 304
    assert second.text == ""
    assert second.headers["x-ratelimit-used"] == first.headers["x-ratelimit-used"]


def test_1_3_a_change_gives_a_new_etag(project: Registered) -> None:
    before = project.sandbox.ask("GET", f"{project.github}/commits").headers["ETag"]
    project.act("commits", subject="a change")
    headers = {"If-None-Match": before}
    assert project.sandbox.ask("GET", f"{project.github}/commits", headers=headers).status == 200


def test_1_3_asking_for_the_limit_is_free(sandbox: Running) -> None:
    first = sandbox.get("/github/rate_limit")["resources"]["core"]["used"]
    assert sandbox.get("/github/rate_limit")["resources"]["core"]["used"] == first


def test_1_3_over_the_primary_limit_is_403_with_nothing_remaining(shown: Registered) -> None:
    shown.sandbox.act("faults", provider="github", kind="rate_limited", times=1, seconds=30)
    answer = shown.sandbox.ask("GET", shown.github)
    assert answer.status == 403
    assert answer.headers["x-ratelimit-remaining"] == "0"
    assert time.time() < int(answer.headers["x-ratelimit-reset"]) < time.time() + 40


def test_1_3_a_secondary_limit_says_how_long_to_wait(shown: Registered) -> None:
    shown.sandbox.act("faults", provider="github", kind="429", times=1, seconds=7)
    answer = shown.sandbox.ask("GET", shown.github)
    assert (answer.status, answer.headers["Retry-After"]) == (429, "7")
    assert "secondary rate limit" in answer.body["message"]


def test_1_4_lists_have_30_items_and_a_link_to_the_next_page(long: Registered) -> None:
    answer = long.sandbox.ask("GET", f"{long.github}/commits")
    assert len(answer.body) == 30
    assert 'rel="next"' in answer.headers["Link"]
    assert 'page=9>; rel="last"' in answer.headers["Link"]


def test_1_4_a_page_has_at_most_100_items(long: Registered) -> None:
    assert len(long.sandbox.get(f"{long.github}/commits?per_page=1000")) == 100


def test_1_4_following_the_links_gives_every_commit_once(long: Registered) -> None:
    seen, path = [], f"{long.github}/commits?per_page=100"
    while path:
        answer = long.sandbox.ask("GET", path)
        seen += [one["sha"] for one in answer.body]
        after = re.search(r'<([^>]+)>; rel="next"', answer.headers.get("Link", ""))
        path = after[1].removeprefix(long.sandbox.url) if after else ""
    assert len(seen) == len(set(seen)) == 261


def test_1_4_an_unpaged_compare_ends_with_the_newest_of_250(long: Registered) -> None:
    found = long.sandbox.get(f"{long.github}/compare/v0.1.0...main")
    assert found["total_commits"] == found["ahead_by"] == 260
    assert len(found["commits"]) == 250
    assert found["commits"][-1]["sha"] == long.facts["head"]


def test_1_4_a_paged_compare_begins_with_the_earliest(long: Registered) -> None:
    found = long.sandbox.get(f"{long.github}/compare/v0.1.0...main?per_page=100")
    assert found["commits"][0]["commit"]["message"] == "fix: change 2"
    last = long.sandbox.get(f"{long.github}/compare/v0.1.0...main?per_page=100&page=3")
    assert last["commits"][-1]["sha"] == long.facts["head"]


def test_1_4_files_come_on_the_first_page_of_a_compare_only(long: Registered) -> None:
    path = f"{long.github}/compare/v0.1.0...main?per_page=100"
    assert len(long.sandbox.get(path)["files"]) == 260
    assert "files" not in long.sandbox.get(f"{path}&page=2")


def test_1_4_compare_says_how_two_commits_stand(shown: Registered) -> None:
    def status(pair: str) -> str:
        return str(shown.sandbox.get(f"{shown.github}/compare/{pair}")["status"])

    assert status("v1.0.0...v1.0.0") == "identical"
    assert status("v1.0.0...v1.1.0") == "ahead"
    assert status("v1.1.0...v1.0.0") == "behind"
    assert status("v1.2.0...side") == "behind"


def test_1_4_check_runs_come_in_an_object(shown: Registered) -> None:
    found = shown.sandbox.get(f"{shown.github}/commits/main/check-runs?per_page=2")
    assert found["total_count"] == 4
    assert len(found["check_runs"]) == 2
