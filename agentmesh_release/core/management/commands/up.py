import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ....runtime import up


class Command(BaseCommand):
    help = "Start the whole house, and keep it until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        up.arguments(parser)

    def handle(self, *args: Any, port: int, repo: str, **options: Any) -> None:
        sys.exit(up.run(port, repo))
