"""GPX: points are waypoints, lines and outlines are tracks; longitude and latitude in WGS 84."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from parvis.core.explore.text_columns import csv_column
from parvis.core.explore.writers.kml import naming_rank
from parvis.core.explore.writers.rows import Answer, joined_bytes
from parvis.core.explore.writers.shapes import as_wkt, body, by_kind, kind_of, simple_parts
from parvis.core.explore.writers.texts import around, assembled, local_names, xml_column, xml_text

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="Parvis" '
    'xmlns="http://www.topografix.com/GPX/1/1" xmlns:ogr="http://osgeo.org/gdal">'
)
_NUMBER = r"(-?\d[\d.]*(?:e[-+]?\d+)?)"
_IN_MEMORY = 4 * 1024 * 1024
_CHUNK = 1 << 16


def write_gpx(answer: Answer) -> Iterator[bytes]:
    """The head and the waypoints at once; tracks, which the format wants after them, once all rows are known.

    Rows without geometry cannot be in such a file; a comment at its end tells how many were left out.
    """
    if answer.drawn is None:
        raise AssertionError("a map format was given a selection without geometry")
    yield f"{_HEAD}<metadata><name>{xml_text(answer.setting.name)}</name></metadata>\n".encode()
    left_out = 0
    with tempfile.SpooledTemporaryFile(
        _IN_MEMORY, dir=str(answer.setting.work) if answer.setting.work else None
    ) as tracks:
        for piece in answer.pieces():
            wkt = as_wkt(piece.column(answer.drawn))
            left_out += wkt.null_count
            piece, wkt = _simple(piece, wkt)
            tags = _tags(answer, piece)
            is_point = pc.equal(kind_of(wkt), "POINT")
            points = _waypoints(wkt.filter(is_point), tags.filter(is_point))
            if len(points):
                yield joined_bytes(points)
            is_track = pc.invert(is_point)
            tracks.write(joined_bytes(_tracks(wkt.filter(is_track), tags.filter(is_track))))
        tracks.seek(0)
        while chunk := tracks.read(_CHUNK):
            yield chunk
    if left_out:
        yield f"<!-- {left_out} rows without geometry were left out -->\n".encode()
    yield b"</gpx>\n"


def _simple(piece: pa.RecordBatch, wkt: pa.Array) -> tuple[pa.RecordBatch, pa.Array]:
    """Rows that have a geometry; those made of points and other things repeated for each of their parts."""
    kinds = kind_of(wkt)
    if not pc.any(pc.is_in(kinds, pa.array(["MULTIPOINT", "GEOMETRYCOLLECTION"]))).as_py():
        mask = wkt.is_valid()
        return piece.filter(mask), wkt.filter(mask)
    ranks: list[int] = []
    texts: list[str] = []
    for rank, (text, kind) in enumerate(zip(wkt.to_pylist(), kinds.to_pylist(), strict=True)):
        if text is not None:
            parts = simple_parts(text) if kind in ("MULTIPOINT", "GEOMETRYCOLLECTION") else [text]
            ranks += [rank] * len(parts)
            texts += parts
    return piece.take(pa.array(ranks, pa.int64())), pa.array(texts, pa.string())


def _tags(answer: Answer, piece: pa.RecordBatch) -> pa.Array:
    """The name, description and attributes of each row, in the order the format wants."""
    request, keys = answer.request, [output.key for output in answer.outputs]
    cells = [
        xml_column(csv_column(piece.column(rank), output, answer.rendering))
        if rank != answer.drawn
        else pa.nulls(piece.num_rows, pa.string())
        for rank, output in enumerate(answer.outputs)
    ]
    named = naming_rank(answer)
    described = [keys.index(name) for name in request.description_field_list if name in keys]
    if not request.use_extension and not described:
        described = answer.others
    lines = [
        around("" if len(described) == 1 else f"{xml_text(answer.titles[rank])}: ", cells[rank], "\n")
        for rank in described
    ]
    tags = pa.array([""] * piece.num_rows, pa.string())
    if named is not None:
        tags = assembled(tags, around("<name>", cells[named], "</name>"))
    if described:
        text = pc.utf8_rtrim(assembled(*lines, pa.array([""] * piece.num_rows)), "\n")
        tags = assembled(tags, "<desc>", text, "</desc>")
    if request.use_extension:
        tags = assembled(tags, "<extensions>", *_extensions(answer, cells), "</extensions>")
    return tags


def _extensions(answer: Answer, cells: list[pa.Array]) -> list[pa.Array]:
    tags = local_names(answer.titles)
    return [around(f"<ogr:{tags[rank]}>", cells[rank], f"</ogr:{tags[rank]}>") for rank in answer.others]


def _waypoints(wkt: pa.Array, tags: pa.Array) -> pa.Array:
    place = pc.replace_substring_regex(body(wkt), rf"^{_NUMBER} {_NUMBER}.*$", r'lat="\2" lon="\1"')
    return assembled("<wpt ", place, ">", tags, "</wpt>\n")


def _tracks(wkt: pa.Array, tags: pa.Array) -> pa.Array:
    segments = by_kind(wkt, {"LINESTRING": lambda text: _segments(around("(", body(text), ")"))}, _segments)
    return assembled("<trk>", tags, segments, "</trk>\n")


def _segments(wkt: pa.Array) -> pa.Array:
    """Every list of positions as a segment."""
    text = pc.replace_substring_regex(wkt, r"^[A-Z ]+", "")
    text = pc.replace_substring_regex(text, rf"{_NUMBER} {_NUMBER} {_NUMBER}", r"\1 \2")
    text = pc.replace_substring_regex(text, rf"{_NUMBER} {_NUMBER},? ?", r'<trkpt lat="\2" lon="\1"/>')
    text = pc.replace_substring_regex(text, r"\((<[^()]*>)\)", r"<trkseg>\1</trkseg>")
    return pc.replace_substring_regex(text, r"[(),] ?", "")
