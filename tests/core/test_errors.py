"""What a page says when there is no page."""

from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse, HttpResponseNotAllowed
from django.test import Client, RequestFactory

from agentmesh_release.core.views import errors


@pytest.fixture
def no_database() -> Iterator[None]:
    def refuse(*_: object) -> None:
        raise AssertionError("An error page asked the database.")

    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.parametrize("status", [500, 503])
@pytest.mark.usefixtures("no_database")
def test_the_last_pages_need_no_database(status: int, rf: RequestFactory) -> None:
    answer = errors.page(rf.get("/", headers={"Cookie": "theme=dark"}), status)
    assert answer.status_code == status
    assert errors.TROUBLES[status].heading in answer.content.decode()
    assert 'data-theme="dark"' in answer.content.decode()


@pytest.mark.parametrize(
    ("error", "status"), [(OperationalError("gone"), 503), (ZeroDivisionError(), 500)]
)
def test_a_database_that_is_gone_is_not_our_mistake(
    error: Exception, status: int, rf: RequestFactory
) -> None:
    try:
        raise error
    except Exception:  # noqa: BLE001  as Django's handler stands when it asks for the page
        answer = errors.server_error(rf.get("/"))
    assert answer.status_code == status


def test_unavailable_says_when_to_come_again(rf: RequestFactory) -> None:
    answer = errors.unavailable(rf.get("/"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


@pytest.mark.django_db
def test_a_stranger_gets_a_plain_page(client: Client) -> None:
    answer = client.get("/nothing-here/")
    assert answer.status_code == 404
    assert "There is nothing at this address." in answer.content.decode()
    assert 'class="rail"' not in answer.content.decode()


@pytest.mark.django_db
def test_a_bare_405_is_dressed_and_keeps_what_it_allows(rf: RequestFactory) -> None:
    view = errors.dress_bare_answers(lambda request: HttpResponseNotAllowed(["POST"]))
    answer = view(rf.get("/theme/"))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "does not take that kind of request" in answer.content.decode()


def test_an_answer_with_words_of_its_own_is_left_alone(rf: RequestFactory) -> None:
    spoken = HttpResponse("Not so.", status=405)
    assert errors.dress_bare_answers(lambda request: spoken)(rf.get("/")) is spoken


def test_a_program_gets_a_problem_and_no_page(rf: RequestFactory) -> None:
    answer = errors.page(rf.get("/api/v1/releases/"), 404)
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_with_a_sentence() -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-out/")
    assert answer.status_code == 403
    assert "too old to be trusted" in answer.content.decode()


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/releases/", "http://testserver/releases/"),
        ("https://evil.example/", ""),
        ("http://testserver/here/", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_the_way_back_leads_to_our_own_pages_only(
    referer: str, back: str, rf: RequestFactory
) -> None:
    content = errors.page(rf.get("/here/", headers={"Referer": referer}), 500).content.decode()
    assert ("Go back" in content) is bool(back)
    assert "evil.example" not in content
