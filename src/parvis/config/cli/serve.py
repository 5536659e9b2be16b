"""``parvis serve``: web, background work and the reaper of dead jobs, in one command."""

from __future__ import annotations

import ctypes
import hashlib
import io
import os
import signal
import socket
import subprocess
import sys
import threading
from argparse import Namespace
from pathlib import Path
from typing import ClassVar

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import get_resolver
from granian import Granian
from granian.constants import Interfaces

from parvis import __version__
from parvis.core.errors import OperationError
from parvis.hub.datastore.services import ask_for_missing, recover

WORKER = [sys.executable, "-m", "parvis.config.worker"]
STOP_SECONDS = 10
RESTART_SECONDS = 2
MOST_WEB_PROCESSES = 2
THREADS = 16
"""More than what ``hub.quotas.places.Bounds`` lets one caller hold, at work and waiting, so that others find one free."""
PR_SET_PDEATHSIG = 1


class AddressTaken(OperationError):
    """Something else listens there already, or the machine has no such address."""

    code: ClassVar[str] = "address-taken"
    fr: ClassVar[str] = "L’adresse {host}:{port} est déjà prise ou n’existe pas sur cette machine."
    en: ClassVar[str] = "The address {host}:{port} is already taken or does not exist on this machine."
    hint_fr: ClassVar[str] = "Choisissez un autre port : parvis serve --port {other}."
    hint_en: ClassVar[str] = "Choose another port: parvis serve --port {other}."


def run(args: Namespace) -> None:
    """Serve until SIGTERM or SIGINT; what runs in the background then goes back to the queue."""
    require_free(args.host, args.port)
    recover()
    ask_for_missing()
    collect_assets()
    settings.WHITENOISE_USE_FINDERS = (
        False  # read before they were collected on the first start: those collected are compressed
    )
    _load_application()
    connections.close_all()  # a connection must not be shared with the processes forked below
    workers = args.workers or min(os.cpu_count() or 1, MOST_WEB_PROCESSES)
    os.register_at_fork(after_in_child=_die_with_parent)
    background = Background()
    background.start()
    host = f"[{args.host}]" if ":" in args.host else args.host
    print(f"Parvis est ouvert : http://{host}:{args.port} (Ctrl-C pour arrêter)", flush=True)
    try:
        Granian(
            "parvis.config.wsgi:application",
            address=args.host,
            port=args.port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=THREADS,
            backpressure=max(64, THREADS * 4),
            respawn_failed_workers=True,
            workers_kill_timeout=STOP_SECONDS,
            log_level="warning",
        ).serve()
    finally:
        background.stop()


def require_free(host: str, port: int) -> None:
    """Try the address before anything starts; AddressTaken when nobody could listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what a server just stopped leaves is no hindrance
        try:
            tried.bind((host, port))
            tried.listen(1)
        except (OSError, OverflowError) as error:
            raise AddressTaken(host=host, port=port, other=port + 1) from error


def _load_application() -> None:
    """Load every address and screen before the web processes are forked: they then start at once and share the memory."""
    get_wsgi_application()
    assert get_resolver().url_patterns


def _die_with_parent() -> None:
    """Ask the system to end this web process when the one that started it dies, however it dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Background:
    """The worker process, started again when it dies, ended with the portal."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)

    def start(self) -> None:
        """Start the worker, then watch it.

        The first one is started here and not in the thread: a web process forked meanwhile would inherit the pipe by which
        ``Popen`` learns that the command runs, and the thread would wait for it for ever.
        """
        self._process = _start()
        self._thread.start()

    def stop(self) -> None:
        """End the worker: asked first, killed after ten seconds."""
        self._stopping.set()
        self._thread.join()

    def _keep(self) -> None:
        while True:
            while self._process.poll() is None and not self._stopping.wait(0.2):
                pass
            if self._stopping.is_set():
                break
            if self._stopping.wait(RESTART_SECONDS):
                return
            self._process = _start()
        if self._process.poll() is None:
            _end(self._process)


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen([*WORKER, str(os.getpid())], start_new_session=True)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def collect_assets() -> None:
    """Gather the static files of this release in the home, once a release or when they were built again."""
    stamp = settings.PARVIS_HOME / "static.stamp"
    known = _assets_fingerprint()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == known and Path(settings.STATIC_ROOT).is_dir():
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True, stdout=io.StringIO())
    stamp.write_text(known, encoding="utf-8")


def _assets_fingerprint() -> str:
    """Names, sizes and dates of Parvis's own static files, and the release."""
    rows = [__version__]
    for app in apps.get_app_configs():
        folder = Path(app.path) / "static"
        if app.name.startswith("parvis.") and folder.is_dir():
            rows += [f"{p} {p.stat().st_size} {p.stat().st_mtime_ns}" for p in sorted(folder.rglob("*")) if p.is_file()]
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
