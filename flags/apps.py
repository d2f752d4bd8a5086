from django.apps import AppConfig


class FlagsConfig(AppConfig):
    name = "flags"

    def ready(self) -> None:
        from . import (  # noqa: F401  each fills its registry
            conditions,
            duties,
            health,
            panels,
            permissions,
            readings,
        )
