"""Vector tiles of one version: never the same twice, at every zoom, read from files then from loaded rows."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from parvis.config.bench.figures import Figure, percentile
from parvis.core.engine import Source
from parvis.core.engine.duckdb import DuckDBEngine
from parvis.core.geo.tiles import tile
from parvis.core.mercator import TileAddress, mercator_x, mercator_y
from parvis.core.odsql import Binder, Names, parse_where
from parvis.core.odsql.bound import ALWAYS, Test
from parvis.core.versions.manifest import read_manifest

ZOOMS = (6, 8, 9, 10, 11, 12, 13, 14, 16)
TURNS = 8
"""Places of each zoom; a tile that was already measured is not again, since the engine remembers short answers."""
BUDGET = 60
"""Milliseconds that the design allows for a million points, 95 times in 100."""
MANY = 500_000
"""Rows from which a version is measured without being loaded too."""
FIELDS = ("adresse", "passages")


def tile_figures(version: Path) -> list[Figure]:
    """p95 of the tiles of the version in this folder, in milliseconds; none when its rows have no place."""
    source = Source(str(version.absolute()), read_manifest(version))
    if source.manifest.bbox is None:
        return []
    filtered = Binder(Names(source.shape), "where").test(parse_where("passages > 4000"))
    figures = []
    if source.rows >= MANY:
        cold = DuckDBEngine(version.parent.parent, memory="1GB", threads=2, loaded=0)
        figures.append(_figure("lue dans Parquet", _times(cold, source)))
        cold.close()
    loaded = DuckDBEngine(version.parent.parent, memory="1GB", threads=2)
    where = "" if loaded.warm(source) else ", lue dans Parquet"
    figures.append(_figure(f"version chargée{where}", _times(loaded, source), BUDGET))
    figures.append(_figure(f"version chargée{where}, filtrée", _times(loaded, source, filtered), BUDGET))
    loaded.close()
    return figures


def _figure(label: str, times: list[float], budget: float | None = None) -> Figure:
    zooms = f"zooms {ZOOMS[0]} à {ZOOMS[-1]}"
    return Figure("tuile", f"{label}, {zooms}, p95", "ms", percentile(times, 0.95) * 1000, budget=budget)


def _times(engine: DuckDBEngine, source: Source, where: Test = ALWAYS) -> list[float]:
    durations = []
    for address in dict.fromkeys(_addresses(source)):
        start = perf_counter()
        tile(source, engine, address, fields=FIELDS, where=where)
        durations.append(perf_counter() - start)
    return durations


def _addresses(source: Source) -> Iterator[TileAddress]:
    """Tiles over places drawn at random in the extent, the same each time."""
    west, south, east, north = source.manifest.bbox or (0.0, 0.0, 0.0, 0.0)
    chance = random.Random(4)  # noqa: S311 - places to measure, no secret
    for zoom in ZOOMS:
        for _turn in range(TURNS):
            place = chance.uniform(west, east), chance.uniform(south, north)
            side = 2**zoom
            yield TileAddress(zoom, int(mercator_x(place[0]) * side), int(mercator_y(place[1]) * side))
