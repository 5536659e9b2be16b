"""The worker process: takes jobs from the queue one by one, beats, takes up what died, ends with its parent."""

from __future__ import annotations

import logging
import os
import signal
import threading
from types import FrameType

from django.conf import settings
from django.db import OperationalError, close_old_connections, connection
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from parvis.hub.jobs.daily import ask_for_due
from parvis.hub.jobs.process_locks import this_process
from parvis.hub.jobs.running import beating, stopping
from parvis.hub.jobs.services import forget_jobs, forget_messages, reap
from parvis.hub.registry import Steady, modules

logger = logging.getLogger("parvis.jobs")

POLL_SECONDS = 0.5
REAP_SECONDS = 15


def _worker(*queues: str) -> Worker:
    return Worker(
        queue_names=list(queues) or ["*"],
        interval=POLL_SECONDS,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=this_process(),
        excluded_queue_names=[],
    )


def drain(*queues: str) -> None:
    """Run everything that waits (in these queues) in this process, on its own database connection, then return."""
    worker = _worker(*queues)
    waiting = DBTaskResult.objects.ready()
    waiting = waiting.filter(queue_name__in=queues) if queues else waiting
    while True:
        with exclusive_transaction():
            message = waiting.all().get_locked()
            if message is None:
                return
            message.claim(worker.worker_id)
        worker.run_task(message)


def work(parent: int, *queues: str) -> None:
    """Run the jobs of these queues (all when none is named) until SIGTERM, SIGINT or the death of the process ``parent``; a job in hand then goes back to the queue.

    It yields to the web processes: a page that somebody waits for goes before what nobody does.
    """
    os.nice(settings.PARVIS["PARVIS_WORKER_NICENESS"])
    worker = _worker(*queues)
    asks = not queues or "default" in queues  # daily work is asked for by one of them

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()
        worker.running = False
        if not worker.running_task:
            raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    threading.Thread(target=_keep, args=(parent, asks), name="reaper", daemon=True).start()
    for steady in (steady for module in modules() for steady in module.steady if asks):
        threading.Thread(target=_repeat, args=(steady,), name=steady.function.__name__, daemon=True).start()
    with beating():
        worker.run()


def _repeat(steady: Steady) -> None:
    """Do light work for as long as the process lives; what it could not do now is tried again."""
    while not stopping.wait(steady.seconds):
        try:
            steady.function()
        except Exception:
            logger.exception("%s failed and is tried again", steady.function.__name__)
            stopping.wait(5)
        finally:
            close_old_connections()
    connection.close()


def _keep(parent: int, asks: bool) -> None:
    """Take up dead jobs and ask for daily work now and then; stop this process when its parent is gone."""
    seconds = 0
    while not stopping.wait(1):
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)
            return
        if seconds % REAP_SECONDS == 0:
            try:
                reap()
                forget_messages()
                forget_jobs()
                if asks:
                    ask_for_due()
            except OperationalError as error:
                logger.warning("dead jobs not looked for: %s", error)
        seconds += 1
    connection.close()
