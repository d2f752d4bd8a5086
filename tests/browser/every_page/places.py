"""Which addresses of the story show a page, one for each state that it has."""

from typing import Any

from tests.browser.story import Story
from tests.pages.addresses import url_of

# Of what there are several kinds, the projects of the story that show the others.
ELSEWHERE = {
    "draft": ("front", "site"),
    "history": (),
    "release": ("front", "docs", "site"),
    "evidence": ("front", "docs", "site"),
    "promotion": ("front", "docs"),
    "cancellation": ("front",),
    "adoption": ("site",),
    "rollback-start": ("front",),
}
# A version of the first project that was tagged before the story begins.
OUT = "1.8.2"


def places(name: str, story: Story, token: str) -> list[str]:
    """The addresses of that name, one for each state that the story has of it."""

    rows = {
        "rollback": story.rollback,
        "token-revocation": story.token,
        "known-issue-closing": 1,
    }

    def values(project: str) -> dict[str, Any]:
        return {
            "slug": project,
            "version": OUT if name == "public-release" else story.versions.get(project, "3.0.0"),
            "pk": rows.get(name) or story.promotions.get(project, 1),
            "token": token,
            **({"number": story.pull} if name == "pull" else {}),
        }

    first = "docs" if name == "rollback" else "api"
    return [url_of(name, **values(project)) for project in (first, *ELSEWHERE.get(name, ()))]
