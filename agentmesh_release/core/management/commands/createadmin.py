from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse
from django.utils import timezone

from ... import sign_in_links
from ...actors import Actor
from ...models.membership import Role
from ...people import invite


class Command(BaseCommand):
    help = "Make an admin, or find the one of that name, and print a one-time link to sign in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="what pages call this person")

    def handle(self, *args: Any, username: str, name: str, **options: Any) -> None:
        by = Actor.system("command-line")
        user = invite(username, name or username.capitalize(), Role.ADMIN, by=by)
        token = sign_in_links.issue(user, by=by, now=timezone.now())
        link = settings.BASE_URL + reverse("sign-in-link", args=[token])
        self.stdout.write(f"{user.name} can sign in once, within 24 hours, at:\n{link}")
