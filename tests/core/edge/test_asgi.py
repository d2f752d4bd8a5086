"""The house as it is composed: what is native, whose lane is whose, how much comes in where."""

import pytest

from agentmesh_release.asgi import application
from agentmesh_release.core.edge.bodies import MEGABYTE
from agentmesh_release.core.edge.paths import longest_prefix
from releases.intake import LARGEST


@pytest.mark.parametrize(
    ("path", "lane"),
    [
        ("/", ""),
        ("/releases/", ""),
        ("/sign-in/", "/sign-in"),
        ("/sign-in/ada/", "/sign-in"),
        ("/switches/", "/switches"),
        ("/switches/api/", "/switches"),
        ("/switches-of-old/", ""),
        ("/static/css/app.css", "/static"),
        ("/api/v1/projects/api/reports", "/api"),
        ("/api/v1/switches/api_kill_switch", "/api/v1/switches"),
    ],
)
def test_what_is_urgent_has_a_lane_of_its_own(path: str, lane: str) -> None:
    assert (longest_prefix(path, application.lanes) or "") == lane


def test_what_must_answer_without_django_is_native() -> None:
    assert {"/livez", "/readyz", "/live", "/live/status"} <= set(application.native)


def test_a_switch_stands_in_the_same_lane_whoever_flips_it() -> None:
    assert application.lanes["/api/v1/switches"] is application.lanes["/switches"]


def test_only_webhooks_and_reports_may_be_large() -> None:
    caps = application.policy.caps
    assert (caps.of("/webhooks/github/"), caps.of("/webhooks/vercel/")) == (25_000_000, MEGABYTE)
    assert caps.of("/api/v1/projects/api/reports") == LARGEST + MEGABYTE
    assert caps.of("/") == caps.of("/api/v1/switches") == MEGABYTE
