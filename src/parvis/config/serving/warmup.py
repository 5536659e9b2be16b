"""What a web process makes ready while it starts, so that nobody waits for it: the search index, the objects of the catalogue."""

from __future__ import annotations

import logging
import threading
import time

from django.db import DatabaseError, connection

from parvis.core.errors import ParvisError
from parvis.core.translation import SOURCE
from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.search.everything import search_everything
from parvis.web.api.explore.catalogue_store import are_kept_stocks_old, store_of

_TURNS, _PAUSE = 60, 2.0
"""How often it is looked whether a worker has made the objects, and seconds between two looks: without one, who asks makes them."""

logger = logging.getLogger("parvis.warmup")


def warm_later() -> threading.Thread:
    """Make them ready in the background; nothing here stops a start: what cannot be read is told to whoever asks for it."""
    thread = threading.Thread(target=make_ready, name="parvis-warmup", daemon=True)
    thread.start()
    return thread


def make_ready() -> None:
    """The same, here."""
    try:
        search_everything(ANONYMOUS, "ville")
        for _turn in range(_TURNS):
            if not are_kept_stocks_old():
                store_of(SOURCE).latest()
                return
            connection.close()  # a worker is making them
            time.sleep(_PAUSE)
    except (DatabaseError, OSError, ParvisError):
        logger.info("Nothing could be made ready yet.", exc_info=True)
    finally:
        connection.close()
