#!/usr/bin/env python
"""Django's command line for AgentMesh Release."""

import os
import sys

# They read a repository and nothing else: no settings, no database, on a fresh clone too.
OF_ANY_REPOSITORY = ("changelog", "lint_commits", "next_version")


def main() -> None:
    if sys.argv[1:2] == ["up"]:  # it makes what the settings read, so it comes before them
        from agentmesh_release.runtime import up

        sys.exit(up.main(sys.argv[2:]))
    if sys.argv[1:2] == ["help"] and sys.argv[2:] and sys.argv[2] in OF_ANY_REPOSITORY:
        sys.argv[1:] = [sys.argv[2], "--help"]
    if sys.argv[1:2] and sys.argv[1] in OF_ANY_REPOSITORY:
        return alone(sys.argv[1])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agentmesh_release.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


def alone(command: str) -> None:
    from django.conf import settings
    from django.core.management import load_command_class

    settings.configure()
    load_command_class("releases", command).run_from_argv(sys.argv)


if __name__ == "__main__":
    main()
