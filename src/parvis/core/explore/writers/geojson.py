"""GeoJSON: a FeatureCollection in WGS 84 unless another system is asked, the first shape as geometry, else the first point."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow.compute as pc

from parvis.core.engine.plans import WGS84
from parvis.core.explore.text_columns import geometry_column
from parvis.core.explore.writers.json import objects
from parvis.core.explore.writers.rows import Answer, joined_bytes


def write_geojson(answer: Answer) -> Iterator[bytes]:
    """The collection's head at once, then the features; a row without geometry has ``null``."""
    drawn, others = answer.drawn, answer.others
    yield f'{{"type": "FeatureCollection", {_system(answer.request.epsg)}"features": ['.encode()
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


def _system(epsg: int) -> str:
    """The member by which readers older than RFC 7946, and GDAL still, know other coordinates than WGS 84."""
    if epsg == WGS84:
        return ""
    return f'"crs": {{"type": "name", "properties": {{"name": "urn:ogc:def:crs:EPSG::{epsg}"}}}}, '
