from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ... import targets


class Command(BaseCommand):
    help = "See to it that the switches reach an app's config_flags table."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "url_name", help="the variable with the address of the app's database, e.g. DATABASE_X"
        )
        parser.add_argument("--name", default="config_flags", help="what pages call the target")
        parser.add_argument("--project", default="", help="the project's slug, if it is its alone")

    def handle(self, *args: Any, url_name: str, name: str, project: str, **options: Any) -> None:
        target = targets.ensure(project, name, url_name)
        self.stdout.write(f"The switches reach {target}, at the address in {target.url_name}.")
