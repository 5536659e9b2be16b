"""What a web process makes ready while it starts, so that nobody waits for it: the search index, the objects of the catalogue."""

from __future__ import annotations

import logging
import threading

from django.db import DatabaseError, connection

from parvis.core.errors import ParvisError
from parvis.core.translation import SOURCE
from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.search.everything import search_everything
from parvis.web.api.explore.catalogue_store import store_of

logger = logging.getLogger("parvis.warmup")


def warm_later() -> threading.Thread:
    """Make them ready in the background; nothing here stops a start: what cannot be read is told to whoever asks for it."""
    thread = threading.Thread(target=_warm, name="parvis-warmup", daemon=True)
    thread.start()
    return thread


def _warm() -> None:
    try:
        search_everything(ANONYMOUS, "ville")
        store_of(SOURCE).latest()
    except (DatabaseError, OSError, ParvisError):
        logger.info("Nothing could be made ready yet.", exc_info=True)
    finally:
        connection.close()
