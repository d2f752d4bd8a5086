"""All addresses that Django answers; what it does not see is in `asgi`."""

from django.urls import include, path

from agentmesh_release import api

urlpatterns = [
    path("api/", api.api_page, name="api"),
    path("api/v1/", include(api.urls())),
    path("", include("agentmesh_release.core.urls")),
    path("", include("flags.urls")),
    path("", include("releases.urls")),
    path("", include("incidents.urls")),
]

handler400 = "agentmesh_release.core.views.errors.bad_request"
handler403 = "agentmesh_release.core.views.errors.forbidden"
handler404 = "agentmesh_release.core.views.errors.not_found"
handler500 = "agentmesh_release.core.views.errors.server_error"
