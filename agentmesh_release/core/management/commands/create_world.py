from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ...actors import Actor
from ...models.world import World
from ...people import DEMO_PEOPLE, invite
from ...refusals import Refused
from ...world import create_world


class Command(BaseCommand):
    help = "Choose, once, which world this database holds: demo or real."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kind", choices=World.Kind.values, required=True)
        parser.add_argument("--name", default="AgentMesh Cloud")

    def handle(self, *args: Any, kind: str, name: str, **options: Any) -> None:
        try:
            created = create_world(kind, name)
        except Refused as refusal:
            raise CommandError(refusal.sentence) from None
        if created.is_demo:
            for username, person, role in DEMO_PEOPLE:
                invite(username, person, role, by=Actor.system("setup"))
        self.stdout.write(f"This is now a {kind} world: {name}.")
