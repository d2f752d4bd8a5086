"""Artifacts as they are kept."""

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
