"""A base map: what making it costs beside reading its extract once, what a tile and the ground of a picture cost."""

from __future__ import annotations

import tempfile
from functools import partial
from itertools import islice
from pathlib import Path
from time import perf_counter

import osmium
from pmtiles.tile import tileid_to_zxy

from parvis.config.bench.figures import Figure, percentile, timed
from parvis.core.basemap import building, themes
from parvis.core.basemap.archive import Archive
from parvis.core.basemap.coast import cell_of
from parvis.core.basemap.factories import CENTRE, make_extract
from parvis.core.basemap.sketch import sketch
from parvis.core.mercator import TileAddress

HOUSES_OF_A_ROW = 0.05
"""Houses of the town for a row of the benchmark: 50,000 for a million."""
LEAST_HOUSES = 400
BUILD_BUDGET = 40
"""Times the reading of the extract by libosmium, areas assembled and nothing written; for a town, whose tiles are heavy."""
TILE_BUDGET, SKETCH_BUDGET = 5, 500
"""Milliseconds."""
_TILES = 300
_TURNS = 10


def basemap_figures(rows: int) -> list[Figure]:
    """The figures of a town by the sea, of so many houses as ``rows`` say."""
    with tempfile.TemporaryDirectory(prefix="bench-basemap-") as name:
        folder = Path(name)
        extract = make_extract(folder / "mesure.osm.pbf", houses=max(int(rows * HOUSES_OF_A_ROW), LEAST_HOUSES))
        reading, _count = timed(lambda: _read(extract))
        start = perf_counter()
        base_map = building.build(extract, folder / "made")
        seconds = perf_counter() - start
        with Archive(base_map.path(folder / "made")) as archive:
            addresses = [tileid_to_zxy(entry.tile_id) for entry in islice(archive.entries(), _TILES)]
            tiles = [timed(partial(archive.tile, *address))[0] * 1_000 for address in addresses]
            middle = TileAddress(12, *cell_of(*CENTRE, 12))
            box = (middle.west, middle.south, middle.east, middle.north)
            sketches = [timed(lambda: sketch(archive, box, 960))[0] * 1_000 for _turn in range(_TURNS)]
    houses = base_map.features["buildings"]
    return [
        Figure(
            "fond", f"fond de carte d’une ville de {houses} bâtiments", "s", seconds,
            "libosmium, lecture seule", reading, BUILD_BUDGET if houses > 10_000 else None,
        ),
        Figure("fond", "une tuile, au 95e centile", "ms", percentile(tiles, 0.95), budget=TILE_BUDGET),
        Figure("fond", "le fond d’une image de carte, au 95e centile", "ms", percentile(sketches, 0.95), budget=SKETCH_BUDGET),
    ]  # fmt: skip


def _read(extract: Path) -> int:
    """Go through all that is drawn, as a build does, and keep nothing."""
    keys = osmium.filter.KeyFilter(*themes.KEYS)
    return sum(1 for _thing in osmium.FileProcessor(str(extract)).with_areas(keys).with_filter(keys))
