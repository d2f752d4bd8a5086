"""What every session with our database is set to."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_no_query_is_compiled() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
