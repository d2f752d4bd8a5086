"""`python -m releases.history PATH`: the changelog of a whole repository, as Markdown or JSON."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence

from releases.conventional.changelog import as_json
from releases.conventional.markdown import Links, render
from releases.history.history import History, read_history
from releases.history.notes import changelogs
from releases.history.unreadable import HistoryUnreadable


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the changelog to the standard output; warnings and refusals to the error stream."""
    asked = _parser().parse_args(arguments)
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    try:
        history = read_history(asked.path, branch=asked.branch, tag_prefix=asked.tag_prefix)
        lines = _json(history) if asked.json else _markdown(history, asked.repository)
        sys.stdout.writelines(list(lines))  # all or nothing: a history may break late
    except HistoryUnreadable as refusal:
        print(refusal.sentence, file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    for warning in history.warnings:
        print(warning, file=sys.stderr)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m releases.history", description=__doc__)
    parser.add_argument("path", help="the top of a git repository, bare or not")
    parser.add_argument("--branch", help="the default branch, if not the one checked out")
    parser.add_argument("--tag-prefix", default="", help="what tags have before the version")
    parser.add_argument("--repository", help="its address on the forge, for links")
    parser.add_argument("--json", action="store_true", help="one release a line, as JSON")
    return parser


def _markdown(history: History, repository: str | None) -> Iterator[str]:
    links = Links(repository.rstrip("/")) if repository else None
    yield "# Changelog\n\n"
    for changelog in changelogs(history):
        yield f"{render(changelog, links)}\n"


def _json(history: History) -> Iterator[str]:
    for changelog in changelogs(history):
        yield f"{json.dumps(as_json(changelog), ensure_ascii=False)}\n"


if __name__ == "__main__":
    sys.exit(main())
