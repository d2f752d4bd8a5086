"""Two people, one draft, the same instant."""

import pytest

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import User
from releases.drafting import cutting
from releases.models import Project, Promotion, Release
from releases.projects import editing
from releases.projects.form import Change
from tests.at_once import at_once
from tests.releases.imports import NOW, since_release

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("bump", ["auto", "minor"])
def test_two_who_cut_at_once_make_one_release(ada: User, ben: User, bump: str) -> None:
    project = since_release("feat: a")

    def cut(by: User) -> None:
        cutting.cut(
            Project.objects.get(),
            by=Actor.person(by),
            head_sha=project.trunk_sha,
            bump=bump,
            reason="due",
            now=NOW,
        )

    ends = at_once(lambda: cut(ada), lambda: cut(ben))
    assert ends.count("done") == 1
    first = ("Ada", "Ben")[ends.index("done")]
    assert any(end.startswith(f"{first} has cut v1.3.0 at this commit already") for end in ends)
    assert (Release.objects.count(), Promotion.objects.count()) == (2, 1)


def test_who_cuts_and_who_changes_the_settings_both_get_through(ada: User, ben: User) -> None:
    project = since_release("feat: a")

    def cut() -> None:
        cutting.cut(
            project, by=Actor.person(ada), head_sha=project.trunk_sha, reason="due", now=NOW
        )

    def change() -> None:
        editing.edit(project, {"watch_s": Change("900", 600)}, by=Actor.person(ben))

    ends = at_once(cut, change)
    assert ends[0] == "done"
    assert ends[1] == "done" or ends[1].endswith("wait until it has ended, then do this.")
