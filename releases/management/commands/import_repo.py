from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from agentmesh_release.core.refusals import Refused
from agentmesh_release.core.world import is_demo
from agentmesh_release.providers.errors import ProviderError

from ... import demo
from ...evidence import builds
from ...history import HistoryUnreadable
from ...importing import Imported, Wishes, import_repository

WISHES = {
    "name": "what pages call it (default: the directory's name)",
    "slug": "what links call it (default: out of the name)",
    "branch": "its default branch (default: what origin says, or is checked out)",
    "folder": "the part of it that the project is made of, such as packages/front",
    "tag-prefix": "what its tags have before the version",
    "repository": "owner/name at GitHub",
    "vercel-project": "its project at Vercel, prj_…",
    "vercel-team": "the team that owns that, team_…",
    "domain": "what its users type in production",
    "prometheus-url": "where its Prometheus answers",
    "prometheus-job": "its job there",
}


class Command(BaseCommand):
    help = "Import a git repository from disk, or bring an imported one up to date."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", help="the top of a git repository, bare or not")
        for name, meaning in WISHES.items():
            parser.add_argument(f"--{name}", default="", help=meaning)

    def handle(self, *args: Any, path: str, **options: Any) -> None:
        said = {name.replace("-", "_"): options[name.replace("-", "_")] for name in WISHES}
        for at_vercel in ("project", "team"):
            said[f"vercel_{at_vercel}_id"] = said.pop(f"vercel_{at_vercel}")
        try:
            imported = import_repository(path, Wishes(**said), now=timezone.now())
        except HistoryUnreadable as refusal:
            raise CommandError(refusal.sentence) from None
        except Refused as refusal:
            raise CommandError(refusal.sentence) from None
        except ProviderError as error:
            raise CommandError(f"{error} Nothing was imported.") from None
        self._say(imported)
        if imported.project.vercel_project_id:
            self._look(imported)
        if is_demo() and imported.is_new and imported.project.trunk_sha:
            self._begin(imported)

    def _say(self, imported: Imported) -> None:
        project, draft = imported.project, imported.draft
        verb = "Imported" if imported.is_new else "Brought up to date:"
        following = f"next is {draft.version}" if draft.version else "nothing asks for a release"
        self.stdout.write(
            f"{verb} {project.name}: {_count(imported.commits, 'commit')} ({imported.came:,} new), "
            f"{_count(imported.releases, 'release')}, {_count(draft.commit_count, 'commit')} not "
            f"released yet; {following}."
        )
        for sentence in (*imported.warnings, *imported.missing):
            self.stdout.write(f"  {sentence}")

    def _look(self, imported: Imported) -> None:
        """Read what is live now, so that the first look at the overview is right; the rest is
        polled at once."""
        try:
            builds.read(imported.project, timezone.now())
        except ProviderError as error:
            self.stdout.write(
                f"  What is live is not read yet: {error} It is tried again by itself."
            )

    def _begin(self, imported: Imported) -> None:
        """A demo begins with a pull request."""
        try:
            demo.open_pull_request(imported.project)
        except ProviderError as error:
            self.stdout.write(f"  No pull request was opened: {error}")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
