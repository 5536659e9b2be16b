"""What each web process runs: the bridge to the WSGI application, and its beat."""

from __future__ import annotations

import asyncio
import shutil
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings

from parvis.config.serving.bodies import Reception, body_rules
from parvis.config.serving.bridge import Bridge
from parvis.config.serving.supervision import Beats
from parvis.web.validation.uploads import MOST_BYTES

BEAT_SECONDS = 1.0


def load(beats: Beats, slot: int) -> Bridge:
    """The application of one web process, called in it once its loop is made."""
    # It reads the database: only in the process that answers.
    from parvis.config.wsgi import application  # noqa: PLC0415

    loop = asyncio.get_event_loop()

    def beat() -> None:
        beats.beat(slot)
        loop.call_later(BEAT_SECONDS, beat)

    loop.call_soon(beat)
    return Bridge(application, _reception())


def _reception() -> Reception:
    folder = settings.PARVIS_HOME / "received"
    folder.mkdir(exist_ok=True)
    largest = settings.PARVIS["PARVIS_UPLOAD_BYTES"]
    room = min(4 * largest, shutil.disk_usage(folder).total // 4)
    return Reception(body_rules(MOST_BYTES, largest), folder, ThreadPoolExecutor(2, thread_name_prefix="disk"), room)
