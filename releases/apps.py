from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    name = "releases"

    def ready(self) -> None:
        from agentmesh_release.core.operations import kinds

        from .metrics import deliveries  # noqa: F401  keeps them right
        from .operations.promotion import PROMOTION
        from .operations.publication import PUBLICATION
        from .operations.release_withdrawal import RELEASE_WITHDRAWAL
        from .operations.rollback import ROLLBACK

        for kind in (PROMOTION, ROLLBACK, PUBLICATION, RELEASE_WITHDRAWAL):
            kinds.register(kind.name, kind)
