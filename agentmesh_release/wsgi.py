"""Django as a WSGI application; `agentmesh_release.asgi` serves it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agentmesh_release.settings")

application = get_wsgi_application()
