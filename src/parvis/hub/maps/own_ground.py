"""The ground that maps show: the shipped one, or that of an instance whose territories were updated."""

from __future__ import annotations

import hashlib
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings

from parvis.core.basemap.archive import Archive
from parvis.hub.caches import fresh
from parvis.packs import bundled_files

FOLDER: Final = "ground"


def folder() -> Path:
    """Where the file is: derived from the territories, so outside the store and its backups."""
    return Path(settings.PARVIS_HOME) / FOLDER


@fresh()
def _in_service() -> tuple[Path, str]:
    own = sorted(folder().glob("*.pmtiles"))
    return (own[-1], own[-1].stem) if own else (bundled_files.GROUND, _shipped_revision())


def ground_archive() -> Archive:
    """The ground that maps show: contours and names of France, rivers, lakes."""
    return _opened(_in_service()[0])


def ground_revision() -> str:
    """A word that changes when the ground does; what another process did is seen within ten seconds."""
    return _in_service()[1]


def forget_ground() -> None:
    """Look again which ground is in service."""
    _in_service.cache_clear()


@lru_cache(maxsize=2)
def _opened(path: Path) -> Archive:
    return Archive(path)


@cache
def _shipped_revision() -> str:
    return digest(bundled_files.GROUND)


def digest(path: Path) -> str:
    """A word that changes with the bytes of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:12]
