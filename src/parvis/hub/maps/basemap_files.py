"""The base map that ``parvis basemap build`` made: where it is, what it draws, its tiles."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final

from cachetools import LRUCache
from django.conf import settings

from parvis.core.basemap.archive import Archive
from parvis.core.basemap.files import BaseMap, current, file_of
from parvis.hub.caches import fresh

FOLDER: Final = "basemap"
_OPEN: Final = 2
"""Files held open: the one in service, and the former one for maps that are being looked at."""


def folder() -> Path:
    """Where base maps are, in the home: derived from an extract, so outside the store and its backups."""
    return Path(settings.PARVIS_HOME) / FOLDER


@fresh()
def base_map_in_service() -> BaseMap | None:
    """The base map that maps show; None when there is none. Another process's build is seen within ten seconds."""
    return current(folder())


_archives: LRUCache[str, Archive] = LRUCache(_OPEN)
"""Open files by name. One that leaves is closed when the last tile that is being read of it is done."""
_lock = threading.Lock()


def archive_named(name: str) -> Archive | None:
    """The open base map of that name; None when there is none."""
    with _lock:
        archive = _archives.get(name)
        if archive is not None:
            return archive
        path = path_named(name)
        if path is None:
            return None
        archive = _archives[name] = Archive(path)
        return archive


def path_named(name: str) -> Path | None:
    """The file of the base map of that name; None when there is none."""
    if not (name.isascii() and name.isalnum()):
        return None
    path = file_of(folder(), name)
    return path if path.is_file() else None
