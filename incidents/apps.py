from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "incidents"

    def ready(self) -> None:
        from . import (  # noqa: F401  each fills its registry
            arrivals,
            conditions,
            failures,
            gates,
            panels,
            permissions,
            readings,
            timeline,
            vitals,
        )
