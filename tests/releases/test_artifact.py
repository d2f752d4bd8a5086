"""Artifacts as they are kept."""

import pytest
from django.db import IntegrityError

from releases.models import Artifact
from tests.releases.conftest import NEW_SHA, Api


def kept(api: Api, **fields: object) -> Artifact:
    return Artifact.objects.create(
        **{
            "project": api.project,
            "commit_sha": NEW_SHA,
            "kind": "file",
            "name": "notes.txt",
            "media_type": "text/plain",
            "body": b"notes",
            "digest": "0" * 64,
            "size": 5,
            "sent_by": "Robo",
            **fields,
        }
    )


def test_lists_leave_the_bytes_in_the_database(api: Api) -> None:
    kept(api)
    assert "body" in api.project.artifacts.get().get_deferred_fields()
    assert Artifact.objects.with_bodies().get().body == b"notes"


def test_an_idempotency_key_stands_for_one_artifact(api: Api) -> None:
    kept(api, idempotency_key_hash="1" * 64)
    with pytest.raises(IntegrityError):
        kept(api, idempotency_key_hash="1" * 64, name="others.txt")


def test_many_come_without_a_key(api: Api) -> None:
    assert kept(api).pk != kept(api).pk
