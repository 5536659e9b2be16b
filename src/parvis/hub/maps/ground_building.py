"""The ground of maps made of the territories of this instance; in the background, as it loads what computes shapes."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

import shapely

from parvis.core.basemap.ground import Land, borders_of, build_ground, layers
from parvis.core.progress import Progress, no_progress
from parvis.hub.maps.own_ground import digest, folder, forget_ground
from parvis.hub.territories.models import Contour
from parvis.hub.territories.selectors import Kind
from parvis.packs import bundled_files


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
        name = digest(made)
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
