"""Well-known text to the shapes of KML and GPX: whole columns at a time, by kind of geometry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from parvis.core.explore.text_columns import numbers_as_text
from parvis.core.explore.writers.texts import around

_NUMBER = r"(-?\d[\d.]*(?:e[-+]?\d+)?)"
_POINT = "<Point><coordinates>"
_END_POINT = "</coordinates></Point>"
_LINE = "<LineString><coordinates>"
_END_LINE = "</coordinates></LineString>"
_RING = "<LinearRing><coordinates>"
_END_RING = "</coordinates></LinearRing>"

type Rewrite = Callable[[pa.Array], pa.Array]


def as_wkt(array: pa.Array) -> pa.Array:
    """A column of geometries as well-known text; points of ``lon`` and ``lat`` too, nulls and empty shapes as null."""
    if pa.types.is_struct(array.type):
        lon, lat = (numbers_as_text(array.field(name)) for name in ("lon", "lat"))
        text = pc.binary_join_element_wise("POINT (", lon, " ", lat, ")", "")
        return pc.if_else(array.is_valid(), text, pa.scalar(None, pa.string()))
    unusable = pc.match_substring_regex(array, r"EMPTY|inf|nan")
    return pc.if_else(pc.fill_null(unusable, True), pa.scalar(None, pa.string()), array)


def kind_of(wkt: pa.Array) -> pa.Array:
    """The name of each geometry's type, such as ``POLYGON``; null where there is none."""
    return pc.struct_field(pc.extract_regex(wkt, r"^(?P<kind>[A-Z]+)"), "kind")


def as_kml(wkt: pa.Array) -> pa.Array:
    """Geometries of KML, longitude first; nulls stay null."""
    return by_kind(wkt, {kind: _kml_of(rewrite) for kind, rewrite in _KML.items()}, _collection_as_kml)


def by_kind(wkt: pa.Array, rewrites: dict[str, Rewrite], otherwise: Rewrite) -> pa.Array:
    """Each geometry through the rewriting of its kind, ``otherwise`` for the kinds that have none."""
    kinds = kind_of(wkt)
    result = pa.nulls(len(wkt), pa.string())
    for kind in pc.unique(kinds).to_pylist():
        if kind is None:
            continue
        mine = pc.fill_null(pc.equal(kinds, kind), False)
        result = pc.replace_with_mask(result, mine, rewrites.get(kind, otherwise)(wkt.filter(mine)))
    return result


def body(wkt: pa.Array) -> pa.Array:
    """What is between the outermost parentheses."""
    return pc.replace_substring_regex(wkt, r"^[A-Z ]+\((.*)\)$", r"\1")


def _kml_of(rewrite: Rewrite) -> Rewrite:
    return lambda wkt: rewrite(_tuples(body(wkt)))


def _tuples(text: pa.Array) -> pa.Array:
    """``1 2, 3 4`` as ``1,2 3,4``; parentheses stay, without a space between them."""
    text = pc.replace_substring_regex(text, rf"{_NUMBER} {_NUMBER} {_NUMBER}", r"\1,\2,\3")
    text = pc.replace_substring_regex(text, rf"{_NUMBER} {_NUMBER}", r"\1,\2")
    text = pc.replace_substring(text, "), (", "),(")
    return pc.replace_substring(text, ", ", " ")


def _wrapped(before: str, after: str) -> Rewrite:
    return lambda text: around(before, text, after)


def _points(text: pa.Array) -> pa.Array:
    bare = pc.replace_substring_regex(text, r"[()]", "")
    each = pc.replace_substring_regex(bare, r"([^ ]+) ?", rf"{_POINT}\1{_END_POINT}")
    return around("<MultiGeometry>", each, "</MultiGeometry>")


def _lines(text: pa.Array) -> pa.Array:
    each = pc.replace_substring_regex(text, r"\(([^()]*)\),?", rf"{_LINE}\1{_END_LINE}")
    return around("<MultiGeometry>", each, "</MultiGeometry>")


def _polygon(text: pa.Array) -> pa.Array:
    return _rings(around("(", text, ")"))


def _polygons(text: pa.Array) -> pa.Array:
    return around("<MultiGeometry>", _rings(text), "</MultiGeometry>")


def _rings(text: pa.Array) -> pa.Array:
    text = pc.replace_substring_regex(
        text, r"\(\(([^()]*)\)", rf"(<outerBoundaryIs>{_RING}\1{_END_RING}</outerBoundaryIs>"
    )
    text = pc.replace_substring_regex(
        text, r",\(([^()]*)\)", rf"<innerBoundaryIs>{_RING}\1{_END_RING}</innerBoundaryIs>"
    )
    return pc.replace_substring_regex(pc.replace_substring(text, "(", "<Polygon>"), r"\),?", "</Polygon>")


_KML: dict[str, Rewrite] = {
    "POINT": _wrapped(_POINT, _END_POINT),
    "LINESTRING": _wrapped(_LINE, _END_LINE),
    "MULTIPOINT": _points,
    "MULTILINESTRING": _lines,
    "POLYGON": _polygon,
    "MULTIPOLYGON": _polygons,
}


def _collection_as_kml(wkt: pa.Array) -> pa.Array:
    written = []
    for text in wkt.to_pylist():
        parts = as_kml(pa.array(simple_parts(text), pa.string()))
        written.append(f"<MultiGeometry>{''.join(part for part in parts.to_pylist() if part)}</MultiGeometry>")
    return pa.array(written, pa.string())


def simple_parts[Form: (str, bytes)](geometry: Form) -> list[Form]:
    """The points, lines and polygons that a geometry is made of, however nested, as well-known text or binary as it came."""
    # Geometries of several parts of several kinds are rare: the library is loaded for them only.
    import shapely  # noqa: PLC0415

    def parts(shape: Any) -> list[Any]:
        inner = getattr(shape, "geoms", None)
        return [shape] if inner is None else [deep for part in inner for deep in parts(part)]

    if isinstance(geometry, bytes):
        return [shapely.to_wkb(part) for part in parts(shapely.from_wkb(geometry)) if not part.is_empty]
    return [
        shapely.to_wkt(part, rounding_precision=-1) for part in parts(shapely.from_wkt(geometry)) if not part.is_empty
    ]
