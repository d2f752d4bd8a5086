"""The addresses of the house, and one that only knows who asks: what a page costs at least."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from agentmesh_release.core.access import permitted
from agentmesh_release.urls import urlpatterns as house

FLOOR = "/floor/"


@permitted("read")
def floor(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [*house, path(FLOOR.strip("/") + "/", floor)]
