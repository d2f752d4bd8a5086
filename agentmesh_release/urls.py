"""All addresses that Django answers; what it does not see is in `asgi`."""

from django.urls import include, path

urlpatterns = [
    path("", include("agentmesh_release.core.urls")),
]
