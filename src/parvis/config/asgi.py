"""What each web process runs: the bridge to the WSGI application, and its beat."""

from __future__ import annotations

import asyncio
import logging
import shutil
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.utils.module_loading import import_string

from parvis.config.serving.bodies import Reception, body_rules
from parvis.config.serving.bridge import Bridge
from parvis.config.serving.connections import most_connections, relieve
from parvis.config.serving.supervision import Beats
from parvis.hub.callers import is_own_proxy
from parvis.web.validation.uploads import MOST_BYTES

BEAT_SECONDS = 1.0
RELIEVE_SECONDS = 3.0

logger = logging.getLogger("parvis.serving")


def load(beats: Beats, slot: int) -> Bridge:
    """The application of one web process, called in it once its loop is made."""
    loop, most = asyncio.get_event_loop(), most_connections()

    def beat() -> None:
        beats.beat(slot)
        loop.call_later(BEAT_SECONDS, beat)

    def look_at_connections() -> None:
        if number := relieve(most, is_own_proxy):
            logger.warning("%s connections of one address were cut", number)
        loop.call_later(RELIEVE_SECONDS, look_at_connections)

    loop.call_soon(beat)
    loop.call_later(RELIEVE_SECONDS, look_at_connections)
    # It reads the database as it is loaded: only here, in the process that answers.
    application = import_string("parvis.config.wsgi.application")
    return Bridge(application, _reception(), import_string("parvis.config.serving.gates.require_sender"))


def _reception() -> Reception:
    folder = settings.PARVIS_HOME / "received"
    folder.mkdir(mode=0o700, exist_ok=True)
    largest = settings.PARVIS["PARVIS_UPLOAD_BYTES"]
    room = min(4 * largest, shutil.disk_usage(folder).total // 4)
    return Reception(body_rules(MOST_BYTES, largest), folder, ThreadPoolExecutor(2, thread_name_prefix="disk"), room)
