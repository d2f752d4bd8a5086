"""The project of the releases' tests, and no wrong token counted yet."""

from collections.abc import Iterator

import pytest

from agentmesh_release.core.api.attempts import wrong_tokens
from tests.releases.conftest import api

__all__ = ["api"]


@pytest.fixture(autouse=True)
def _nothing_counted() -> Iterator[None]:
    yield
    wrong_tokens.forget()
