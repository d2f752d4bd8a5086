import json
from argparse import ArgumentParser
from typing import Any

from ...conventional.changelog import Changelog, as_json
from ...conventional.markdown import Links, render
from ...conventional.policy import DEFAULT_POLICY
from ...history.notes import changelogs
from ..reading import RepositoryCommand


class Command(RepositoryCommand):
    help = "Tell what each release of a repository brought, the latest first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        self.add_history_arguments(parser)
        parser.add_argument(
            "--from", dest="since", metavar="A", help="only what came after this tag or commit"
        )
        parser.add_argument(
            "--to", dest="until", metavar="B", help="only what led to this tag or commit"
        )
        parser.add_argument("--format", choices=("markdown", "json"), default="markdown")
        parser.add_argument("--url", default="", help="the repository's page, for links")

    def read(self, **options: Any) -> None:
        history = self.history(**options)
        if options["since"] is not None or options["until"] is not None:
            history.limit(options["since"], options["until"])
        policy = options["policy"] or DEFAULT_POLICY
        releases = list(changelogs(history, policy))  # all or nothing: a history may break late
        if options["format"] == "json":
            self.stdout.write(_json(releases))
        else:
            self.stdout.write(_markdown(releases, options["url"].rstrip("/")))
        self.warn(history.warnings)


def _markdown(releases: list[Changelog], url: str) -> str:
    links = Links(url) if url else None
    told = "".join(f"\n{render(changelog, links)}" for changelog in releases)
    return f"# Changelog\n{told}"


def _json(releases: list[Changelog]) -> str:
    """A list with one release a line."""
    lines = (json.dumps(as_json(changelog), ensure_ascii=False) for changelog in releases)
    return "[\n{}\n]".format(",\n".join(lines))
