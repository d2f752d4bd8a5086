from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "agentmesh_release.core"
    label = "core"
    verbose_name = "Core"
