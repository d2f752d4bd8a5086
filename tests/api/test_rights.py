"""Which token may do what: every right on every operation, derived from the OpenAPI document."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from agentmesh_release.core.api.attempts import wrong_tokens
from agentmesh_release.core.models import AuditEvent, Membership, Role, User
from releases.models import Project
from tests.cast import signed_in
from tests.pages.addresses import VIEWS, url_of
from tests.programs import ALL_RIGHTS, Program, issued, problem_of, program
from tests.releases.conftest import Api

from .operations import OPERATIONS, Operation

pytestmark = pytest.mark.django_db
each_operation = pytest.mark.parametrize(
    "operation", OPERATIONS, ids=[operation.id for operation in OPERATIONS]
)


def test_every_right_is_good_for_something() -> None:
    assert {operation.right for operation in OPERATIONS} == set(ALL_RIGHTS)


@each_operation
def test_the_right_it_needs_lets_it_through(api: Api, ada: User, operation: Operation) -> None:
    answer = operation.ask(program(ada, operation.right))
    assert answer.status_code not in (401, 403, 405, 415, 500)


@each_operation
def test_all_other_rights_together_do_not(api: Api, ada: User, operation: Operation) -> None:
    others = [right for right in ALL_RIGHTS if right != operation.right]
    told = problem_of(operation.ask(program(ada, *others)), 403)
    assert told["code"] == "missing_right"
    assert operation.right in told["detail"]


@each_operation
def test_who_lost_the_role_lost_it_for_their_tokens(
    api: Api, ada: User, operation: Operation
) -> None:
    robo = program(ada, operation.right)
    Membership.objects.filter(user=ada).delete()
    assert problem_of(operation.ask(robo), 403)["code"] == "not_permitted"


@each_operation
def test_no_token_is_told_to_send_one(api: Api, operation: Operation) -> None:
    answer = operation.ask(Program(""))
    assert problem_of(answer, 401)["code"] in ("no_token", "unknown_token")
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if "{slug}" in each.path])
def test_a_token_of_another_project_is_refused(api: Api, ada: User, operation: Operation) -> None:
    Project.objects.create(slug="front", name="front", repository="demo/front")
    robo = program(ada, operation.right, scope="front")
    assert problem_of(operation.ask(robo), 403)["code"] == "other_scope"


@pytest.mark.parametrize("name", [name for name in VIEWS if name.startswith("api-")])
def test_a_browser_with_a_session_gets_nothing(ada: User, name: str) -> None:
    browser = signed_in(ada)
    assert browser.get(url_of(name)).status_code in (401, 405)
    assert browser.post(url_of(name)).status_code in (401, 405)


def test_it_needs_no_csrf_token_and_sets_no_cookie(api: Api, ada: User) -> None:
    answer = Program(issued(ada)[1], checks_csrf=True).send(b"x", "text/plain", kind="file")
    assert answer.status_code == 201
    assert not answer.cookies


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Bearer amr_nonsense", "unknown_token"),
        ("Bearer \x00", "unknown_token"),
        ("Bearer", "unknown_token"),
        ("Basic YWRhOmFkYQ==", "no_token"),
        ("ß", "no_token"),
    ],
)
def test_a_header_that_is_no_token_is_refused(client: Client, header: str, code: str) -> None:
    answer = client.get("/api/v1/switches", headers={"Authorization": header})
    assert problem_of(answer, 401)["code"] == code


def test_a_refused_act_is_on_record_under_the_token(api: Api, ada: User) -> None:
    program(ada, "reports:write").post("/projects/api/releases")
    noted = AuditEvent.objects.get(verb="refused")
    assert (noted.actor, noted.actor_kind) == ("Robo (Ada's token)", "token")
    assert noted.data == {"code": "missing_right", "view": "api-releases"}


def test_the_text_of_a_token_is_in_no_answer_and_no_log(
    api: Api, ada: User, caplog: pytest.LogCaptureFixture
) -> None:
    text = issued(ada, "reports:write")[1]
    answers: list[Any] = [
        operation.ask(Program(each)) for operation in OPERATIONS for each in (text, text[:-1])
    ]
    said = b"".join(answer.content for answer in answers).decode()
    kept = str(list(AuditEvent.objects.values()))
    assert all(text[12:40] not in place for place in (said, kept, caplog.text))


@pytest.fixture
def within_one_minute() -> Iterator[None]:
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.mark.usefixtures("within_one_minute")
def test_an_address_that_sends_many_wrong_tokens_is_put_off(api: Api, ada: User) -> None:
    robo, stranger = program(ada, "flags:read"), Program("amr_" + "0" * 46)
    assert stranger.get("/switches").status_code == 401
    for _ in range(99):
        wrong_tokens.note("127.0.0.1")
    for wrong_or_right in (stranger, robo):
        answer = wrong_or_right.get("/switches")
        assert problem_of(answer, 429)["code"] == "too_many_wrong_tokens"
        assert 0 < int(answer["Retry-After"]) <= 60


@pytest.mark.usefixtures("within_one_minute")
def test_only_wrong_tokens_are_counted(api: Api, ada: User) -> None:
    robo = program(ada, "promotable:read")
    for _ in range(3):
        problem_of(robo.get("/switches"), 403)
        problem_of(Program("").get("/switches"), 401)
    assert wrong_tokens.counted("127.0.0.1") == 3


def test_a_stakeholder_in_one_project_reads_only_there(api: Api, mallory: User) -> None:
    Membership.objects.create(user=mallory, role=Role.STAKEHOLDER, scope="api")
    robo = program(mallory, "promotable:read")
    assert robo.get("/projects/api/promotable").status_code == 200
    assert problem_of(robo.get("/projects/front/promotable"), 403)["code"] == "not_permitted"
