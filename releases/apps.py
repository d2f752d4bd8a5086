from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    name = "releases"

    def ready(self) -> None:
        from agentmesh_release.core.operations import kinds

        from . import (  # noqa: F401  each fills its registry
            access,
            health,
            panels,
            polling,
            slow_polling,
            webhooks,
        )
        from .drafting import validation  # noqa: F401  its gates
        from .metrics import deliveries  # noqa: F401  keeps them right
        from .operations.promotion import PROMOTION
        from .operations.publication import PUBLICATION
        from .operations.release_withdrawal import RELEASE_WITHDRAWAL
        from .operations.rollback import ROLLBACK
        from .production import gates  # noqa: F401

        for kind in (PROMOTION, ROLLBACK, PUBLICATION, RELEASE_WITHDRAWAL):
            kinds.register(kind.name, kind)
