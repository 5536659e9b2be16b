"""The tiles of several files in one. Only ever called in a confined child.

Layers of a vector tile follow one another (Mapbox Vector Tile 2.1, section 4.1): tiles of different layers are joined by putting
their bytes end to end, without reading a shape. tippecanoe's own ``tile-join`` decodes and draws each one again.
"""

from __future__ import annotations

import gzip
import heapq
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from pmtiles.tile import Compression, TileType
from pmtiles.writer import Writer

from parvis.core.basemap.archive import Archive
from parvis.core.progress import Progress, no_progress

NAME: Final = "Parvis"
ATTRIBUTION: Final = "© les contributeurs d’OpenStreetMap"
_EVERY: Final = 200
_LEVEL: Final = 6


def join(parts: Sequence[Path], target: Path, progress: Progress = no_progress, attribution: str = ATTRIBUTION) -> int:
    """Write to ``target`` the tiles of ``parts``, whose layers are not the same; how many tiles it has."""
    with ExitStack() as stack:
        archives = [stack.enter_context(Archive(path)) for path in parts]
        total = sum(archive.header["addressed_tiles_count"] for archive in archives)
        writer: Any = Writer(  # type: ignore[no-untyped-call]
            stack.enter_context(target.open("wb"))
        )
        read = written = 0
        for number, tiles in groupby(heapq.merge(*map(_tiles, archives), key=itemgetter(0)), itemgetter(0)):
            bodies = [body for _number, body in tiles]
            writer.write_tile(number, bodies[0] if len(bodies) == 1 else _one(bodies))
            read, written = read + len(bodies), written + 1
            if written % _EVERY == 0:
                progress("join", read, total)
        writer.finalize(_header(archives), _metadata(archives, attribution))
    return written


def _tiles(archive: Archive) -> Iterator[tuple[int, bytes]]:
    for entry in archive.entries():
        body = archive.body(entry)
        for step in range(entry.run_length):
            yield entry.tile_id + step, body


def _one(bodies: Sequence[bytes]) -> bytes:
    return gzip.compress(b"".join(map(gzip.decompress, bodies)), compresslevel=_LEVEL, mtime=0)


def _header(archives: Sequence[Archive]) -> dict[str, Any]:
    headers = [archive.header for archive in archives]
    west, south = min(head["min_lon_e7"] for head in headers), min(head["min_lat_e7"] for head in headers)
    east, north = max(head["max_lon_e7"] for head in headers), max(head["max_lat_e7"] for head in headers)
    return {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_zoom": min(head["min_zoom"] for head in headers),
        "max_zoom": max(head["max_zoom"] for head in headers),
        "min_lon_e7": west,
        "min_lat_e7": south,
        "max_lon_e7": east,
        "max_lat_e7": north,
        "center_zoom": 9,
        "center_lon_e7": (west + east) // 2,
        "center_lat_e7": (south + north) // 2,
    }


def _metadata(archives: Sequence[Archive], attribution: str) -> dict[str, Any]:
    layers = [layer for archive in archives for layer in archive.metadata().get("vector_layers", [])]
    return {"name": NAME, "attribution": attribution, "type": "baselayer", "vector_layers": layers}
