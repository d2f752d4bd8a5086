"""How GitHub is spoken to, and what its refusals mean to an operator."""

from __future__ import annotations

import time

import pytest

from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.github import GitHub
from tests.providers.conftest import TOKEN
from tests.providers.payloads import REPO, commit
from tests.providers.stub import Stub, Talk, reply

NOT_YOURS = "Resource not accessible by integration"


def refusal(stub: Stub, github: GitHub, *answers: Talk) -> ProviderError:
    stub.say(*answers)
    with pytest.raises(ProviderError) as caught:
        github.repositories.get(REPO)
    return caught.value


def test_every_call_says_who_it_is_and_which_version_it_speaks(stub: Stub, github: GitHub) -> None:
    refusal(stub, github, reply({}, 404))
    headers = stub.seen[0].headers
    assert headers["authorization"] == f"Bearer {TOKEN}"
    assert headers["accept"] == "application/vnd.github+json"
    assert headers["x-github-api-version"] == "2022-11-28"
    assert headers["user-agent"] == "AgentMesh-Release"


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("checks=read", "checks:read"),
        ("contents=read,pulls=read", "contents:read and pulls:read"),
        ("issues=write; pull_requests=write", "issues:write or pull_requests:write"),
    ],
)
def test_a_missing_permission_is_named(stub: Stub, github: GitHub, wanted: str, words: str) -> None:
    answer = reply({"message": NOT_YOURS}, 403, x_accepted_github_permissions=wanted)
    error = refusal(stub, github, answer)
    assert error.message == f"GitHub answered 403 to GET /repos/{REPO}: the token lacks {words}."
    assert error.permanent


def test_a_token_that_single_sign_on_keeps_out_is_said_to_be_one(
    stub: Stub, github: GitHub
) -> None:
    said = {"message": "Resource protected by organization SAML enforcement."}
    url = "https://github.com/orgs/acme/sso?authorization_request=A1"
    error = refusal(stub, github, reply(said, 403, X_GitHub_SSO=f"required; url={url}"))
    assert "with Configure SSO" in error.message


def test_not_found_may_mean_not_allowed(stub: Stub, github: GitHub) -> None:
    error = refusal(stub, github, reply({"message": "Not Found"}, 404))
    assert "it is not there, or the token may not see it" in error.message


def test_a_bad_token_is_said_to_be_one(stub: Stub, github: GitHub) -> None:
    error = refusal(stub, github, reply({"message": "Bad credentials"}, 401))
    assert "the token is wrong, expired or revoked" in error.message


@pytest.mark.parametrize("resource", ["core", "search"])
def test_the_primary_limit_names_the_reset(stub: Stub, github: GitHub, resource: str) -> None:
    answer = reply(
        {"message": "API rate limit exceeded"},
        403,
        X_RateLimit_Remaining="0",  # spelt as GitHub does
        X_RateLimit_Reset=str(int(time.time()) + 900),
        X_RateLimit_Resource=resource,
    )
    error = refusal(stub, github, answer)
    assert not error.permanent
    assert error.retry_after == pytest.approx(900, abs=3)


@pytest.mark.parametrize("status", [403, 429])
def test_a_secondary_limit_without_a_time_waits_a_minute(
    stub: Stub, github: GitHub, status: int
) -> None:
    said = {"message": "You have exceeded a secondary rate limit."}
    error = refusal(stub, github, reply(said, status))
    assert (error.permanent, error.retry_after) == (False, 60)


def test_a_plain_403_is_no_limit(stub: Stub, github: GitHub) -> None:
    error = refusal(stub, github, reply({"message": "Blocked by policy"}, 403))
    assert (error.permanent, error.retry_after) == (True, None)


@pytest.mark.parametrize("repo", ["agentmesh", "a/b/c", "../x", "a/..", "a/b?x", "a/ b", "", "/"])
def test_only_owner_and_name_make_a_repository(github: GitHub, repo: str) -> None:
    with pytest.raises(ProviderError, match="owner/name"):
        github.repositories.get(repo)


def test_slashes_in_a_branch_are_encoded(stub: Stub, github: GitHub) -> None:
    head = {"name": "a/b", "protected": True, "commit": commit(5)}
    stub.route(f"/repos/{REPO}/branches/fix/it", reply(head))
    assert github.repositories.branch(REPO, "fix/it").protected
    assert stub.seen[0].raw_path.endswith("/branches/fix%2Fit")


def test_a_renamed_repository_is_followed_and_tells_its_new_name(
    stub: Stub, github: GitHub
) -> None:
    new = {"id": 1, "full_name": "demo/new", "default_branch": "main", "private": True}
    stub.route(f"/repos/{REPO}", reply({}, 301, location="/repositories/1"))
    stub.route("/repositories/1", reply(new))
    assert github.repositories.get(REPO).full_name == "demo/new"


def test_an_answer_of_another_shape_is_said_in_words(stub: Stub, github: GitHub) -> None:
    assert "is not the object" in refusal(stub, github, reply([])).message
    assert "lacks its “full_name”" in refusal(stub, github, reply({"id": 1})).message


def test_the_rate_limit_is_read_where_newer_versions_still_have_it(
    stub: Stub, github: GitHub
) -> None:
    core = {"limit": 5000, "remaining": 4990, "used": 10, "reset": 1_766_400_000}
    stub.route("/rate_limit", reply({"resources": {"core": core}}))
    assert github.rate_limit().remaining == 4990
