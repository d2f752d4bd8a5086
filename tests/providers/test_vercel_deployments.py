"""Deployments at Vercel: read page by page, in all their spellings, with their logs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.vercel import Vercel
from tests.providers.stub import Seen, Stub, Talk, reply

PROJECT = "prj_agentmesh"
MS = 1_766_400_000_000
WHEN = datetime.fromtimestamp(MS / 1000, UTC)


def deployment(number: int = 1, **more: object) -> dict[str, object]:
    known: dict[str, object] = {"uid": f"dpl_{number}", "name": "web", "url": f"web-{number}.app"}
    return {**known, "readyState": "READY", "created": MS + number, "target": "production", **more}


def pages_of_deployments(total: int) -> Any:
    def answer(seen: Seen) -> Talk:
        until = int(seen.query.get("until", MS * 2))
        left = [n for n in range(total, 0, -1) if MS + n < until]
        shown = left[: int(seen.query["limit"])]
        more = len(left) > len(shown)
        pagination = {"count": len(shown), "next": MS + shown[-1] if more else None, "prev": None}
        return reply({"deployments": [deployment(n) for n in shown], "pagination": pagination})

    return answer


def test_deployments_are_read_page_by_page_newest_first(stub: Stub, vercel: Vercel) -> None:
    stub.routes["/v7/deployments"] = pages_of_deployments(45)
    found = [one.id for one in vercel.deployments(PROJECT)]
    assert found == [f"dpl_{n}" for n in range(45, 0, -1)]
    assert len(stub.seen) == 3


def test_deployments_are_filtered_by_vercel(stub: Stub, vercel: Vercel) -> None:
    stub.routes["/v7/deployments"] = pages_of_deployments(0)
    list(
        vercel.deployments(
            PROJECT,
            target="production",
            sha="a" * 40,
            state="READY",
            meta={"release": "v1"},
            rollback_candidate=True,
            since=WHEN,
        )
    )
    sent = stub.seen[0].query
    assert (sent["target"], sent["sha"], sent["state"]) == ("production", "a" * 40, "READY")
    assert (sent["meta-release"], sent["rollbackCandidate"]) == ("v1", "true")
    assert sent["since"] == str(MS)


def test_pages_that_do_not_move_on_end(stub: Stub, vercel: Vercel) -> None:
    stuck = {"deployments": [deployment()], "pagination": {"count": 1, "next": MS, "prev": None}}
    stub.route("/v7/deployments", reply(stuck))
    with pytest.raises(ProviderError, match="do not move on"):
        list(vercel.deployments(PROJECT))


def test_a_deployment_is_read_in_all_its_spellings(stub: Stub, vercel: Vercel) -> None:
    listed = deployment(state="BUILDING", aliasAssigned=MS, isRollbackCandidate=True)
    got = {"id": "dpl_1", "name": "web", "url": "u", "readyState": "READY", "createdAt": MS}
    got |= {"aliasAssigned": False, "aliasError": {"code": "cert", "message": "no certificate"}}
    got |= {"gitSource": {"type": "github", "ref": "main", "sha": "b" * 40}, "target": None}
    stub.route("/v7/deployments", reply({"deployments": [listed], "pagination": {"next": None}}))
    stub.route("/v13/deployments/dpl_1", reply(got))
    (first,) = vercel.deployments(PROJECT)
    second = vercel.deployment("dpl_1")
    assert (first.id, first.alias_assigned, first.rollback_candidate) == ("dpl_1", True, True)
    assert (second.sha, second.branch, second.target) == ("b" * 40, "main", None)
    assert (second.alias_assigned, second.alias_error) == (False, "no certificate")


@pytest.mark.parametrize(
    ("state", "building", "ready", "ended"),
    [("QUEUED", True, False, False), ("INITIALIZING", True, False, False),
     ("BUILDING", True, False, False), ("READY", False, True, True), ("ERROR", False, False, True),
     ("CANCELED", False, False, True), ("BLOCKED", False, False, True),
     ("LEVITATING", False, False, False)],
)  # fmt: skip
def test_a_state_means(
    stub: Stub, vercel: Vercel, state: str, building: bool, ready: bool, ended: bool
) -> None:
    stub.say(reply(deployment(readyState=state)))
    one = vercel.deployment("dpl_1")
    assert (one.is_building, one.is_ready, one.is_ended) == (building, ready, ended)


def test_a_build_log_is_read_in_both_forms_in_order(stub: Stub, vercel: Vercel) -> None:
    older = {"type": "stdout", "created": MS + 1, "payload": {"text": "one"}}
    newer = {"type": "stderr", "created": MS + 2, "text": "two", "level": "error"}
    stub.route("/v3/deployments/dpl_1/events", reply([newer, older]))
    events = vercel.build_events("dpl_1")
    assert [(event.text, event.level) for event in events] == [("one", None), ("two", "error")]
    assert stub.seen[0].query["follow"] == "0"


def test_a_cancelled_build_says_so(stub: Stub, vercel: Vercel) -> None:
    path = "/v12/deployments/dpl_1/cancel"
    stub.route(path, reply(deployment(readyState="CANCELED")))
    assert vercel.cancel("dpl_1").state == "CANCELED"
    assert stub.seen[0].method == "PATCH"
