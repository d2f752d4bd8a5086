from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ...metrics import deliveries
from ...models import Project


class Command(BaseCommand):
    help = "Derive the delivery metrics anew from what went live; safe at any time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--project", default="", help="the slug of one project (default: all)")

    def handle(self, *args: Any, project: str, **options: Any) -> None:
        projects = Project.objects.filter(slug=project) if project else Project.objects.all()
        count = sum(deliveries.refresh(each) for each in projects)
        self.stdout.write(f"{count:,} deliveries of {len(projects):,} projects.")
