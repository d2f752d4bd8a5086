"""Two who write, or two readings that cut, at the same instant."""

import pytest

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import User
from releases.drafting import automatic, notes, validation
from releases.models import EditedNotes, Project, Release
from tests.at_once import at_once
from tests.releases.imports import NOW, since_release

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_save_at_once_the_second_is_told(ada: User, ben: User) -> None:
    since_release("feat: a")
    seen = notes.of_draft(Project.objects.get()).mark

    def save(by: User) -> None:
        of = notes.of_draft(Project.objects.get())
        notes.save(of, f"By {by.name}.", seen=seen, by=Actor.person(by), now=NOW)

    ends = at_once(lambda: save(ada), lambda: save(ben))
    first = ("Ada", "Ben")[ends.index("done")]
    assert any(end.startswith(f"{first} saved another text") for end in ends)
    assert EditedNotes.objects.get().text == f"By {first}.\n"


def test_two_readings_at_once_cut_one_release() -> None:
    since_release("feat: a")
    Project.objects.update(cuts="after-merge")
    project = Project.objects.get()
    validation.keep(project, NOW)
    ends = at_once(
        lambda: automatic.consider(project, NOW), lambda: automatic.consider(project, NOW)
    )
    assert ends == ["done", "done"]
    assert Release.objects.exclude(cut_by="").count() == 1
    assert Project.objects.get().draft.waits_for == ""
