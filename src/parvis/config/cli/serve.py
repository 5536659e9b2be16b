"""``parvis serve``: web, background work and the reaper of dead jobs, in one command."""

from __future__ import annotations

import gc
import hashlib
import io
import os
import socket
from argparse import Namespace
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import ClassVar

import pyarrow as pa
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.template import engines
from django.template.loader import get_template
from django.template.utils import get_app_template_dirs
from django.urls import get_resolver, reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

import parvis
from parvis import __version__
from parvis.config.asgi import load
from parvis.config.serving.connections import allow_connections
from parvis.config.serving.memory import Machine, machine, share_arena
from parvis.config.serving.supervision import (
    STOP_SECONDS,
    Background,
    Beforehand,
    Bell,
    Server,
    die_with_parent,
    stop_all,
)
from parvis.core.children import close as close_reading
from parvis.core.errors import OperationError
from parvis.core.translation import gettext_noop
from parvis.hub.datastore.selectors import close_engine
from parvis.hub.datastore.services import ask_for_facts, ask_for_missing, recover
from parvis.hub.jobs.worker import work
from parvis.hub.packs.filling import filling
from parvis.hub.pages.thumbnails import ask_for_missing as ask_for_page_thumbnails
from parvis.hub.served_address import BASE_URL, UNSET, local_address, note_address
from parvis.hub.thumbnails.services import ask_for_missing as ask_for_thumbnails
from parvis.web.api.explore.tasks import ask_for_stocks

PACKAGE = Path(parvis.__file__).parent
REST_SECONDS = 60.0
"""Without an import, an export or a measure, after which the worker of those gives back the memory that they took."""
MOST_WEB_PROCESSES = 2
TWO_FIT = 1_500_000_000
"""Bytes of the machine under which one web process answers alone: beside it there must be room for an import."""
HTTP = HTTP1Settings(header_read_timeout=20_000, max_buffer_size=128 * 1024)
"""A connection that says nothing, or its headers by drops, is closed after so many milliseconds."""


class AddressTaken(OperationError):
    """Something else listens there already, or the machine has no such address."""

    code: ClassVar[str] = "address-taken"
    sentence: ClassVar[str] = gettext_noop("L’adresse {host}:{port} est déjà prise ou n’existe pas sur cette machine.")
    advice: ClassVar[str] = gettext_noop("Choisissez un autre port : parvis serve --port {other}.")


def run(args: Namespace, beforehand: Callable[[int], None] | None = None) -> None:
    """Serve until SIGTERM or SIGINT; what runs in the background then goes back to the queue.

    It only starts once ``beforehand`` is done, in a process of its own, given the number of this one; pages are served meanwhile.
    """
    require_free(args.host, args.port)
    settle_address(args.host, args.port)
    share_arena()
    recover()
    ask_for_background_work()
    collect_assets()
    settings.WHITENOISE_USE_FINDERS = (
        False  # read before they were collected on the first start: those collected are compressed
    )
    _load_application()
    connections.close_all()  # a connection must not be shared with the processes forked below
    close_engine()  # nor an engine, which loading the demonstration has opened
    close_reading()  # each process that reads starts its own
    gc.freeze()  # never looked through again, the memory that they share stays shared
    workers = args.workers or usual_workers(os.cpu_count() or 1, machine())
    os.register_at_fork(after_in_child=die_with_parent)
    connections_of_each = allow_connections()
    bell = Bell()
    backgrounds: list[Background] = [  # one for each queue: an import that lasts or is stuck keeps no mail waiting
        Background("parvis-default", partial(work, rings={"heavy": bell.ring}), "default"),
        Background("parvis-heavy", partial(work, rests_after=REST_SECONDS), "heavy", bell=bell),
    ]
    if beforehand:
        backgrounds = [Beforehand("parvis-fill", beforehand, backgrounds, at_end=filling.end)]
    for background in backgrounds:
        background.start()
    host = f"[{args.host}]" if ":" in args.host else args.host
    print(f"Parvis est ouvert : http://{host}:{args.port} (Ctrl-C pour arrêter)", flush=True)
    try:
        Server(
            load,
            backgrounds,
            address=args.host,
            port=args.port,
            interface=Interfaces.ASGINL,
            http=HTTPModes.http1,  # with the other one, a connection that says nothing is never closed
            http1_settings=HTTP,
            websockets=False,
            workers=workers,
            backpressure=connections_of_each,
            workers_kill_timeout=STOP_SECONDS,
            log_level="warning",
        ).serve()
    finally:
        stop_all(backgrounds)


def settle_address(host: str, port: int) -> None:
    """Note where it listens: without a public address of the operator's, what only this machine reaches has that one."""
    folder = settings.PARVIS_HOME
    is_unset = settings.PARVIS[BASE_URL] in (UNSET, local_address(folder))
    note_address(folder, host, port)
    if is_unset:
        settings.PARVIS[BASE_URL] = settings.WAGTAILADMIN_BASE_URL = local_address(folder) or UNSET


def ask_for_background_work() -> None:
    """Ask for what is made ahead of questions and is not there."""
    ask_for_missing()
    ask_for_facts()
    ask_for_stocks()
    ask_for_thumbnails()
    ask_for_page_thumbnails()


def usual_workers(processors: int, memory: Machine | None) -> int:
    """How many web processes serve this machine best: one for each processor, two at most, one where a second would not fit."""
    return 1 if memory is not None and memory.total < TWO_FIT else min(processors, MOST_WEB_PROCESSES)


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
    """Load every address, screen, block, word and template before the web processes are forked: they start at once and share the
    memory."""
    get_wsgi_application()
    assert get_resolver().url_patterns
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            reverse("wagtailadmin_home")  # with it, every address by its name
            date_format(timezone.localdate())
    for model in apps.get_models():
        for field in model._meta.get_fields():
            getattr(field, "stream_block", None)  # made when it is first asked for
    assert engines["django"].engine.template_context_processors
    import_module("pyarrow.dataset")  # which DuckDB loads with its first answer
    pa.set_memory_pool(pa.system_memory_pool())  # its own keeps fourteen megabytes of what each web process gave back
    for folder in get_app_template_dirs("templates"):
        if folder.is_relative_to(PACKAGE):
            for path in folder.rglob("*.html"):
                get_template(path.relative_to(folder).as_posix())


def collect_assets() -> None:
    """Gather the static files of this release in the home, once a release or when they were built again."""
    stamp = settings.PARVIS_HOME / "static.stamp"
    fingerprint = _assets_fingerprint()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == fingerprint and Path(settings.STATIC_ROOT).is_dir():
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True, stdout=io.StringIO())
    stamp.write_text(fingerprint, encoding="utf-8")


def _assets_fingerprint() -> str:
    """Names, sizes and dates of Parvis's own static files, and the release."""
    rows = [__version__]
    for app in apps.get_app_configs():
        folder = Path(app.path) / "static"
        if app.name.startswith("parvis.") and folder.is_dir():
            rows += [f"{p} {p.stat().st_size} {p.stat().st_mtime_ns}" for p in sorted(folder.rglob("*")) if p.is_file()]
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
