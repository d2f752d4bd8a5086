"""One story for all who look at pages: four projects, each of them in another state.

`api` is asked for and blocked, `front` is live, watched and over its limit, `docs` was rolled back
and is on hold, `site` went live outside. An incident is open, and the maintenance page is shown.
"""

import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from tests.faults.person import Person
from tests.releases.repositories import START, Drawing

from .neighbourhood import Neighbourhood

WATCH_S = 900
PATIENCE_S = 60.0
A, B, C = "Ada", "Ben", "Cleo"
Told = list[tuple[str, str]]

HISTORIES: Mapping[str, tuple[dict[str, Told], Told]] = {
    "api": (
        {
            "v1.7.5": [(A, "feat(runs): list runs by agent"), (B, "fix(auth): refuse old tokens")],
            "v1.8.0": [
                (A, "feat(webhooks): sign every delivery"),
                (C, "feat(agents): name agents"),
                (B, "perf(runs): index runs by owner"),
                (B, "chore: update the lockfile"),
            ],
            "v1.8.1": [(C, "fix(webhooks): keep the secret out of logs")],
            "v1.8.2": [
                (B, "fix(runs): retry queued runs"),
                (A, "perf(runs): one query instead of 14 for the run list"),
            ],
        },
        [
            (A, "feat(runs): priority for queued runs"),
            (B, "feat(agents): choose a region per agent"),
            (C, "feat(api): cursor paging on every list"),
            (B, "fix(webhooks): keep the order of retries per endpoint"),
            (C, "fix(auth): refuse tokens whose project was deleted"),
            (A, "perf(runs): one query for the run list"),
            (A, "ci: cache the build"),
        ],
    ),
    "docs": (
        {
            "v0.30.2": [(C, "fix: broken anchors")],
            "v0.31.0": [(C, "feat: a page for webhooks"), (A, "feat: search in the sidebar")],
        },
        [(C, "fix: a typo in the quick start"), (B, "feat: explain regions")],
    ),
    "front": (
        {
            "v2.13.3": [(A, "fix: contrast of the run list")],
            "v2.14.0": [
                (B, "feat(runs): a filter by agent"),
                (A, "fix(login): keep the address after sign-in"),
            ],
        },
        [(B, "feat(agents): a map of regions"), (A, "fix: focus after closing a dialog")],
    ),
    "site": (
        {
            "v3.0.0": [(A, "feat!: a new design")],
            "v3.0.1": [(B, "fix: the price list on phones")],
        },
        [(B, "feat: customer stories")],
    ),
}


def draw(place: Path) -> dict[str, Path]:
    """The repositories, by name; what is in no release yet is of the last hours."""
    return {name: _draw(place / name, *history) for name, history in HISTORIES.items()}


def _draw(path: Path, releases: dict[str, Told], unreleased: Told) -> Path:
    drawing = Drawing(path)
    now = int((datetime.now(UTC) - START).total_seconds() // 3600)
    number = 100
    for age, (tag, told) in zip(range(len(releases), 0, -1), releases.items(), strict=True):
        for author, message in told:
            number += 1
            drawing.commit(f"{message} (#{number})", author=author, hour=now - 41 * age)
        drawing.tag(tag, hour=now - 41 * age)
    for left, (author, message) in zip(range(len(unreleased), 0, -1), unreleased, strict=True):
        number += 1
        drawing.commit(f"{message} (#{number})", author=author, hour=now - left)
    return drawing.make()


class Story:
    """People and what they do; the house starts with `api` alone."""

    def __init__(self, hood: Neighbourhood, repositories: Mapping[str, Path]) -> None:
        self.hood = hood
        self.repositories = repositories
        self.ada, self.ben, self.cleo = (Person(hood.url, who) for who in ("ada", "ben", "cleo"))
        self.versions: dict[str, str] = {}
        self.promotions: dict[str, int] = {}
        self.rollback = self.token = self.pull = 0

    def tell(self) -> None:
        """All of it; returns when every state that is to be seen has come about."""
        self.begin()
        self.make_token()
        self.cut("api")
        self.promote("docs")
        self.roll_back("docs", "0.31.0")
        self.hood.control("production", project="site")
        self.promote("front")
        self.hood.control("conditions", project="front", kind="errors", on=True)
        self.declare()
        self.turn_off("maintenance_mode", "The run queue moves to larger machines.")
        self.break_checks("api")
        self.note_issue("api")
        self.open_pull("api", "Improved things in the run list")

    def begin(self) -> None:
        """Bring in the other projects, build quickly, and watch for long."""
        self.hood.control("speed", build_seconds=0.2, check_seconds=0.2, alias_seconds=0.2)
        imports = [
            self.hood.house.manage("import_repo", str(path))
            for name, path in self.repositories.items()
            if name != "api"
        ]
        for told in imports:
            assert told.process.wait(120) == 0, told.lines
        self.hood.execute("UPDATE releases_project SET watch_s = %s", WATCH_S)
        self.hood.execute(
            "INSERT INTO releases_publicchangelog"
            " (project_id, has_links, has_prereleases, changed_at)"
            " SELECT id, TRUE, FALSE, now() FROM releases_project WHERE slug = %s",
            "api",
        )

    def make_token(self) -> None:
        """Ada makes one for her CI."""
        told = {"name": "CI of api", "rights": "reports:write", "scope": "api", "days": "90"}
        self.ada.send("/settings/tokens/new/", **told)
        page = self.ada.read("/settings/tokens/").text
        self.token = int(re.findall(r"/settings/tokens/(\d+)/revocation/", page)[0])

    def cut(self, project: str) -> None:
        """Ada cuts what the draft says."""
        here = f"/projects/{project}/draft/cut/"
        self.until(lambda: "Validation passed" in self.ada.read(here).text)
        answer = self.ada.send(here, reason="Planned for Tuesday.")
        self.versions[project] = re.findall(r"/releases/([^/]+)/$", answer.url)[0]
        self.until(lambda: bool(self._promotions_on(project)))
        self.promotions[project] = int(self._promotions_on(project)[0])

    def _promotions_on(self, project: str) -> list[str]:
        return re.findall(rf"/projects/{project}/promotions/(\d+)/", self.page(project))

    def page(self, project: str) -> str:
        """The page of the release that was cut, as Ben reads it."""
        return self.ben.read(f"/projects/{project}/releases/{self.versions[project]}/").text

    def approve(self, project: str) -> None:
        """Ben approves what Ada has cut; returns when nothing blocks it."""
        promotion = self.promotions[project]
        self.until(lambda: f"{promotion}/approval/" in self.page(project))
        here = f"/projects/{project}/promotions/{promotion}/approval/"
        self.ben.send(here, reason="Tried it on preview.")
        self.until(lambda: f"{promotion}/execution/" in self.page(project))

    def promote(self, project: str) -> None:
        """Ada cuts, Ben approves and promotes; returns when it is watched."""
        self.cut(project)
        self.approve(project)
        promotion = self.promotions[project]
        here = f"/projects/{project}/promotions/{promotion}/"
        self.ben.send(f"{here}execution/", reason="Asked for by support.")
        self.until(lambda: "Watching" in self.ben.read(here).text)

    def roll_back(self, project: str, version: str) -> None:
        """Cleo takes over from what is watched; returns when production is on hold."""
        answer = self.cleo.send(
            f"/projects/{project}/releases/{version}/rollback/", reason="Search finds nothing."
        )
        self.rollback = int(re.findall(r"/rollbacks/(\d+)/$", answer.url)[0])
        self.until(lambda: "on hold" in self.cleo.read(answer.url.removeprefix(self.hood.url)).text)

    def declare(self) -> None:
        """Cleo declares an incident, notes what she sees and tells the public more."""
        self.cleo.send(
            "/incidents/new/",
            title="Some runs start twice; the API answers errors",
            severity="sev2",
            components=str(self._component("front")),
            text="Some calls fail, and some runs may start twice. We are looking into it.",
        )
        self.cleo.send(
            "/incidents/1/notes/",
            shown="/incidents/1/",
            text="Errors rise since the last promotion.",
        )
        self.cleo.send(
            "/incidents/1/update/",
            state="identified",
            text="We found the cause and undo it. Reading works. Next update in 15 minutes.",
        )

    def _component(self, name: str) -> int:
        found = self.hood.execute("SELECT id FROM incidents_component WHERE name = %s", name)
        return int(found[0][0])

    def note_issue(self, project: str) -> None:
        """Cleo notes what users of that release have to know; it is the first issue of all."""
        self.cleo.send(
            f"/projects/{project}/releases/{self.versions[project]}/known-issues/new/",
            title="The list of runs forgets its filter",
            severity="medium",
            description="Going back shows all runs again.",
            url="",
        )

    def turn_off(self, switch: str, reason: str) -> None:
        """Cleo turns off what that switch holds; for the maintenance page that is to show it."""
        here = f"/switches/{switch}/flip/"
        self.cleo.send(here, shown=f"{here}?to=off", reason=reason)

    def break_checks(self, project: str) -> None:
        """The checks of the commit that was cut fail after all."""
        sha = self.hood.execute(
            "SELECT r.commit_sha FROM releases_release r JOIN releases_project p"
            " ON p.id = r.project_id WHERE p.slug = %s AND r.version = %s",
            project, self.versions[project],
        )[0][0]  # fmt: skip
        self.hood.control("checks", project=project, sha=sha, conclusion="failure")
        self.ada.send(
            f"/projects/{project}/promotions/{self.promotions[project]}/check/",
            shown=f"/projects/{project}/releases/{self.versions[project]}/",
        )

    def open_pull(self, project: str, title: str) -> None:
        """A pull request that breaks a rule; returns when it was judged."""
        self.pull = int(self.hood.control("pulls", project=project, title=title)["number"])
        here = f"/projects/{project}/pulls/{self.pull}/"
        self.until(lambda: "not conventional" in self.ada.read(here).text)

    def until(self, is_so: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
        """Return as soon as it is so."""
        deadline = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > deadline:
                raise AssertionError("\n".join(self.hood.house.told.lines[-40:]))
            time.sleep(0.3)
