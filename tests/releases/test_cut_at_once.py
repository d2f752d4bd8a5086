"""Two people, one draft, the same instant."""

import pytest

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import User
from releases.drafting import cutting
from releases.models import Project, Promotion, Release
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
