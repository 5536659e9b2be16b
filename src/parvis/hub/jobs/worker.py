"""The worker process: takes jobs from the queue one by one, beats, takes up what died, ends with its parent."""

from __future__ import annotations

import logging
import math
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
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


class _Worker(Worker):
    """Django's, which knows when it last had something to do."""

    busy_until = math.inf

    def run(self) -> None:
        """Take jobs one by one until told to stop."""
        self.busy_until = time.monotonic()
        super().run()

    def run_task(self, db_task_result: DBTaskResult) -> None:
        """Run one."""
        try:
            super().run_task(db_task_result)
        finally:
            self.busy_until = time.monotonic()


def _worker(*queues: str) -> _Worker:
    return _Worker(
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


def work(
    parent: int, *queues: str, rests_after: float | None = None, rings: Mapping[str, Callable[[], None]] | None = None
) -> None:
    """Run the jobs of these queues (all when none is named) until SIGTERM, SIGINT or the death of the process ``parent``; a job in hand then goes back to the queue.

    It also returns after ``rests_after`` seconds without a job; ``rings`` are other queues, with what to call while a job waits in
    one: whoever works there may be resting. It yields to the web processes: a page that somebody waits for goes before what nobody does.
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
    keeping = (parent, worker, asks, rests_after, rings or {})
    threading.Thread(target=_keep, args=keeping, name="reaper", daemon=True).start()
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


def _waits(*queues: str) -> bool:
    return DBTaskResult.objects.ready().filter(queue_name__in=queues).exists()


def _keep(
    parent: int, worker: _Worker, asks: bool, rests_after: float | None, rings: Mapping[str, Callable[[], None]]
) -> None:
    """Take up dead jobs and ask for daily work now and then; have others called, or this process rest; stop it when its parent is
    gone."""
    seconds = 0
    while not stopping.wait(1):
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)
            return
        try:
            if seconds % REAP_SECONDS == 0:
                reap()
                forget_messages()
                forget_jobs()
                if asks:
                    ask_for_due()
            for queue, ring in rings.items():
                if _waits(queue):
                    ring()
            is_idle = not worker.running_task and rests_after is not None
            if is_idle and time.monotonic() - worker.busy_until > rests_after and not _waits(*worker.queue_names):
                worker.running = False
        except OperationalError as error:
            logger.warning("dead jobs not looked for: %s", error)
        seconds += 1
    connection.close()
