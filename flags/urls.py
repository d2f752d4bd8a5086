from django.urls import path

from .views import flip, message, switches

urlpatterns = [
    path("switches/", switches.switches, name="switches"),
    path("switches/maintenance-message/", message.maintenance_message, name="maintenance-message"),
    path("switches/<slug:key>/flip/", flip.switch_flip, name="switch-flip"),
]
