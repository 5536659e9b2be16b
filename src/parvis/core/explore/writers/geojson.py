"""GeoJSON: a FeatureCollection in WGS 84, the first shape as geometry, else the first point."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow.compute as pc

from parvis.core.columns import ColumnType
from parvis.core.explore.rendering import geometry_column
from parvis.core.explore.writers.json import objects
from parvis.core.explore.writers.rows import Answer, joined_bytes
from parvis.core.odsql.bound import Output


def geometry_rank(outputs: tuple[Output, ...]) -> int | None:
    """The place of the column drawn: the first shape, else the first point; None when there is neither."""
    for kind in (ColumnType.GEO_SHAPE, ColumnType.GEO_POINT):
        for rank, output in enumerate(outputs):
            if output.column is not None and output.column.type is kind:
                return rank
    return None


def write_geojson(answer: Answer) -> Iterator[bytes]:
    """The collection's head at once, then the features; a row without geometry has ``null``."""
    drawn = geometry_rank(answer.outputs)
    others = [rank for rank in range(len(answer.outputs)) if rank != drawn]
    yield b'{"type": "FeatureCollection", "features": ['
    first = True
    for piece in answer.pieces():
        geometry = geometry_column(piece.column(drawn), answer.outputs[drawn]) if drawn is not None else "null"
        features = pc.binary_join_element_wise(
            ',\n{"type": "Feature", "geometry": ', geometry, ', "properties": ', objects(answer, piece, others), "}", ""
        )
        text = joined_bytes(features)
        yield text[2:] if first else text
        first = False
    yield b"]}"
