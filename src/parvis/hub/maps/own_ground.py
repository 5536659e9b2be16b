"""The ground of an instance whose territories were updated: where its file is, and how it is made."""

from __future__ import annotations

import hashlib
import tempfile
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import shapely
from django.conf import settings

from parvis.core.basemap.archive import Archive
from parvis.core.basemap.ground import Land, borders_of, build_ground, layers
from parvis.core.progress import Progress, no_progress
from parvis.hub.caches import fresh
from parvis.hub.territories.models import Contour
from parvis.hub.territories.selectors import Kind
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
    return _digest(bundled_files.GROUND)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:12]


def rebuild_ground(progress: Progress = no_progress) -> None:
    """Make the ground of the territories as they are now, and put it in service. Raises TilerMissing, TilingFailed."""
    folder().mkdir(parents=True, exist_ok=True)
    rows = Contour.objects.filter(territory__kind__in=(Kind.COMMUNE, Kind.DEPARTMENT, Kind.REGION))
    columns = ("territory__kind", "territory__name", "territory__population", "territory__department")
    values = rows.order_by("pk").values_list(*columns, "territory__region", "geojson")
    lands = [
        Land(kind, name, population or 0, department, region, shapely.from_geojson(geojson))
        for kind, name, population, department, region, geojson in values.iterator()
    ]
    features = layers(
        lands,
        borders_of(lands),
        abroad=bundled_files.abroad(),
        lakes=bundled_files.lakes(),
        rivers=bundled_files.rivers(),
    )
    with tempfile.TemporaryDirectory(prefix="work-", dir=folder()) as work:
        made = Path(work, "ground.pmtiles")
        Path(work, "steps").mkdir()
        build_ground(features, made, Path(work, "steps"), progress)
        name = _digest(made)
        made.replace(folder() / f"{name}.pmtiles")
    _forget(but=name)


def use_shipped_ground() -> None:
    """Come back to the ground that ships."""
    _forget()


def _forget(but: str = "") -> None:
    for path in folder().glob("*.pmtiles"):
        if path.stem != but:
            with suppress(FileNotFoundError):
                path.unlink()
    forget_ground()
