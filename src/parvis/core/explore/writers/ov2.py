"""OV2: points of interest for TomTom devices, in the device's own binary form."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import pyarrow as pa

from parvis.core.explore.text_columns import csv_column
from parvis.core.explore.writers.kml import naming_rank
from parvis.core.explore.writers.rows import Answer
from parvis.core.explore.writers.shapes import as_wkt, simple_parts

_SIMPLE, _HUNDRED_THOUSANDTHS = 2, 100_000
_HEAD = struct.Struct("<BIii")


def write_ov2(answer: Answer) -> Iterator[bytes]:
    """A record for each point; a line or an outline is told by its first position, a row without geometry by nothing."""
    if answer.drawn is None:
        raise AssertionError("a map format was given a selection without geometry")
    named = naming_rank(answer)
    shown = named if named is not None else next(iter(answer.others), None)
    for piece in answer.pieces():
        places = as_wkt(piece.column(answer.drawn)).to_pylist()
        names = _names(answer, piece, shown)
        yield b"".join(
            _record(part, name)
            for place, name in zip(places, names, strict=True)
            if place is not None
            for part in _parts(place)
        )


def _names(answer: Answer, piece: pa.RecordBatch, rank: int | None) -> list[str | None]:
    if rank is None:
        return [None] * piece.num_rows
    return list(csv_column(piece.column(rank), answer.outputs[rank], answer.rendering).to_pylist())


def _parts(wkt: str) -> list[str]:
    return simple_parts(wkt) if wkt.startswith(("MULTI", "GEOMETRYCOLLECTION")) else [wkt]


def _record(wkt: str, name: str | None) -> bytes:
    first = wkt[wkt.index("(") :].lstrip("(").split(",")[0].rstrip(")").split()
    lon, lat = (round(float(number) * _HUNDRED_THOUSANDTHS) for number in first[:2])
    text = (name or "").replace("\x00", "").encode("latin-1", "replace") + b"\x00"
    return _HEAD.pack(_SIMPLE, _HEAD.size + len(text), lon, lat) + text
