"""A null character is refused with a sentence, wherever it is sent."""

import pytest
from django.test import Client

from agentmesh_release.core.models import User

SENTENCE = "holds a null character"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/?q=%00", "/releases/?project=a%00", "/audit/?q=%00", "/releases/%00/", "/?%00=q"]
)
def test_an_address_with_one_is_refused(address: str, client: Client, ada: User) -> None:
    client.force_login(ada)
    answer = client.get(address)
    assert answer.status_code == 400
    assert SENTENCE in answer.content.decode()


@pytest.mark.django_db
def test_a_form_with_one_is_refused(client: Client) -> None:
    answer = client.post("/sign-in/", {"username": "ada\0", "password": "x"})
    assert answer.status_code == 400
    assert SENTENCE in answer.content.decode()
