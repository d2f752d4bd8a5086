#!/usr/bin/env python
"""Django's command line for AgentMesh Release."""

import os
import sys


def main() -> None:
    if sys.argv[1:2] == ["up"]:  # it makes what the settings read, so it comes before them
        from agentmesh_release.runtime import up

        sys.exit(up.main(sys.argv[2:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agentmesh_release.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
