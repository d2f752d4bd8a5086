from django.urls import path

from .views import incident, status

urlpatterns = [
    path("incidents/", incident.incidents, name="incidents"),
    path("incidents/new/", incident.declare, name="incident-new"),
    path("incidents/<int:number>/", incident.incident, name="incident"),
    path("incidents/<int:number>/update/", incident.update, name="incident-update"),
    path("incidents/<int:number>/notes/", incident.note, name="incident-note"),
    path("status/", status.status_page, name="status"),
]
