"""What a token may do, as the vendors tell it without being changed."""

from __future__ import annotations

import pytest

from agentmesh_release.providers.addresses import AddressGuard
from agentmesh_release.providers.github import GitHub
from agentmesh_release.providers.prometheus import Prometheus
from agentmesh_release.providers.vercel import Vercel
from tests.providers.conftest import QUICK
from tests.providers.databases import error_of
from tests.providers.payloads import REPO
from tests.providers.stub import Stub, reply


def test_the_right_to_publish_is_found_out_by_notes_that_are_not_kept(
    stub: Stub, github: GitHub
) -> None:
    stub.say(reply({"name": "", "body": ""}))
    github.releases.may_write(REPO, "main")
    assert stub.seen[0].path.endswith("/releases/generate-notes")


def test_who_may_not_publish_is_told_the_permission(stub: Stub, github: GitHub) -> None:
    said = {"message": "Resource not accessible by personal access token"}
    stub.say(reply(said, 403, x_accepted_github_permissions="contents=write"))
    error = error_of(lambda: github.releases.may_write(REPO, "main"))
    assert "the token lacks contents:write" in str(error)


def test_a_classic_token_without_the_scope_is_told_so(stub: Stub, github: GitHub) -> None:
    stub.say(reply({"message": "Not Found"}, 404, x_oauth_scopes="gist, read:org"))
    error = error_of(lambda: github.repositories.get(REPO))
    assert "that needs the scope repo; it has gist, read:org" in str(error)


def test_production_domains_and_the_token_are_read(stub: Stub, vercel: Vercel) -> None:
    stub.say(reply({"domains": [{"name": "api.example.com", "verified": False}]}))
    (domain,) = vercel.domains("prj_api")
    assert (domain.name, domain.verified, domain.redirect) == ("api.example.com", False, None)
    token = {"name": "release", "expiresAt": 1790000000000, "scopes": [{"type": "team"}]}
    stub.say(reply({"token": token}))
    found = vercel.token()
    assert found
    assert (found.scopes, found.expires_at is None) == (("team",), False)
    stub.say(reply({"error": {"code": "forbidden"}}, 403))
    assert vercel.token() is None


@pytest.mark.parametrize(
    ("allowed", "words"),
    [((), "not public; an operator can allow it"), (("127.0.0.0/8",), None)],
)
def test_plain_http_reaches_what_an_operator_allowed_and_nothing_else(
    stub: Stub, allowed: tuple[str, ...], words: str | None
) -> None:
    guarded = Prometheus(stub.url, timeouts=QUICK, guard=AddressGuard.of(stub.url, allowed))
    stub.say(reply({"status": "success", "data": {"resultType": "vector", "result": []}}))
    if words is None:
        assert guarded.query("up").samples == ()
    else:
        assert words in str(error_of(lambda: guarded.query("up")))
        assert not stub.seen
