"""What answers on the one port: native routes, and Django behind lanes of threads.

Never Django's own ASGI handler: it answers a quarter of what the same views do as WSGI.
"""

import gc
from importlib import import_module

from django.conf import settings

from agentmesh_release.core.edge.bodies import MEGABYTE, Caps
from agentmesh_release.core.edge.guards import Policy
from agentmesh_release.core.edge.hub import Hub
from agentmesh_release.core.edge.lanes import Lane
from agentmesh_release.core.edge.listener import Listener
from agentmesh_release.core.edge.proxies import networks
from agentmesh_release.core.edge.readiness import Readiness, livez
from agentmesh_release.core.edge.router import Router
from agentmesh_release.core.edge.streams import Live, LiveStatus
from agentmesh_release.wsgi import application as django
from releases.intake import LARGEST

import_module(settings.ROOT_URLCONF)  # not by the first who asks
# What is loaded by now stays. Each full collection would look through all of it again, for 80 ms
# in which no page is answered.
gc.collect()
gc.freeze()

hub = Hub()
listener = Listener(hub, settings.DATABASE_DIRECT_URL)
readiness = Readiness(listener)

# What on-call needs, whether a person or a program asks, stands behind nobody's upload.
switches = Lane(django, threads=2)

application = Router(
    policy=Policy(
        allowed_hosts=settings.ALLOWED_HOSTS,
        trusted_proxies=networks(settings.TRUSTED_PROXIES),
        caps=Caps(
            by_prefix={
                "/webhooks/github": 25 * MEGABYTE,
                "/api/v1/projects": LARGEST + MEGABYTE,  # a form has more in it than its file
            }
        ),
    ),
    native={
        "/livez": livez,
        "/readyz": readiness,
        "/live": Live(hub),
        "/live/status": LiveStatus(hub),
    },
    lanes={
        "": Lane(django, threads=8),
        "/static": Lane(django, threads=2, queue=256, wait_s=5.0),
        "/sign-in": Lane(django, threads=2),
        # A burst waits here, and keeps no page waiting; senders give up after 10 s.
        "/webhooks": Lane(django, threads=4, queue=1_000, wait_s=8.0),
        "/switches": switches,
        "/api": Lane(django, threads=4),
        "/api/v1/switches": switches,
    },
    lifetimes=[hub, listener, readiness],
)
