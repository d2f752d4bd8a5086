"""The workers: Celery wakes them up, and the sweep beside it sees that nothing is forgotten.

`celery -A agentmesh_release.celery worker --without-gossip --without-mingle --without-heartbeat`
Beat keeps the calendar and nothing else: what has to happen soon never waits for it.
"""

import logging
import os
import threading
import warnings
from typing import Any

import django
from celery import bootsteps
from celery.exceptions import SecurityWarning
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agentmesh_release.settings")
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")  # they would import every view into each worker
django.setup()

from agentmesh_release.core.publishing import app as app  # noqa: E402  (after Django is set up)
from agentmesh_release.core.sweep import run_forever  # noqa: E402

logger = logging.getLogger(__name__)

# In a container we are root; what makes that dangerous for Celery is pickle, which is refused.
warnings.filterwarnings("ignore", category=SecurityWarning)

# Celery's command takes BROKER_URL from the environment before it reads our settings, which know
# that REDIS_URL comes first.
os.environ["CELERY_BROKER_URL"] = settings.BROKER_URL

_CALENDAR = {
    "beat is alive": {
        "task": "core.beat",
        "schedule": 10.0,
        "options": {"queue": "deliveries", "expires": 9},
    },
    "what has had its day": {
        "task": "core.forget",
        "schedule": 3600.0,
        "options": {"queue": "deliveries"},
    },
}


def _options() -> dict[str, Any]:
    folder = settings.VAR_DIR / "beat"
    folder.mkdir(parents=True, exist_ok=True)
    return {
        "beat_schedule": _CALENDAR,
        "beat_schedule_filename": str(folder / "schedule"),
        "task_acks_late": True,
        "task_track_started": False,
        "worker_prefetch_multiplier": 1,
        # Tasks wait for providers and for PostgreSQL: threads of one process, not more processes.
        "worker_pool": "threads",
        "worker_concurrency": 4,
        "worker_enable_remote_control": False,
        "worker_send_task_events": False,
        "worker_log_format": "%(levelname)s %(message)s",
        # The broker may be away for as long as it likes.
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
    }


app.add_defaults(_options)
app.autodiscover_tasks()


class SweepStep(bootsteps.StartStopStep):
    """Runs the sweep from the worker's start to its end, whether or not there is a broker."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sweep", daemon=True)

    def start(self, parent: Any) -> None:
        self._thread.start()

    def stop(self, parent: Any) -> None:
        self._stop.set()
        self._thread.join(timeout=5)

    terminate = stop

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                run_forever(self._stop)
            except Exception:
                logger.exception("The sweep fell over; it starts again.")
                self._stop.wait(1.0)


app.steps["worker"].add(SweepStep)
