"""Points and shapes: coordinates in one cell or two, in degrees or metres, WKT, WKB, GeoJSON. All become WGS 84, longitude first."""

from __future__ import annotations

from collections.abc import Callable

from parvis.core.columns import ColumnType
from parvis.core.profiling.parsers import Parser, Words, once, trimmed
from parvis.core.profiling.territory import PROJECTIONS, WORLD, Box, Projection
from parvis.core.translation import gettext_noop

_POINT = Words(gettext_noop("des coordonnées géographiques"), gettext_noop("des coordonnées géographiques"))
_SHAPE = Words(gettext_noop("une géométrie"), gettext_noop("des géométries"))


def degrees_point(longitude: str, latitude: str) -> str:
    """SQL: a point when both numbers are degrees, else NULL."""
    return f"CASE WHEN {WORLD.contains(longitude, latitude)} THEN ST_Point({longitude}, {latitude}) END"


def pair(cell: str) -> str:
    """SQL: a list of the two numbers of « a, b », « [a, b] », « a; b » or « (a b) »; NULL for each that is no number."""
    parts = f"string_split(replace(trim({trimmed(cell)}, '[]() '), ';', ','), ',')"
    numbers = ", ".join(
        f"CASE WHEN coalesce(p[3], '') = '' THEN TRY_CAST(trim(p[{rank}], ' \"') AS DOUBLE) END" for rank in (1, 2)
    )
    return once(parts, "p", f"[{numbers}]")


def of_pair(cell: str, result: Callable[[str, str], str]) -> str:
    """SQL: what ``result`` makes of the two numbers of a cell."""
    return once(pair(cell), "h", result("h[1]", "h[2]"))


def _pair(cell: str, latitude_first: bool) -> str:
    latitude, longitude = ("h[1]", "h[2]") if latitude_first else ("h[2]", "h[1]")
    point = once(pair(cell), "h", degrees_point(longitude, latitude))
    # « 48,2 » is a French number: a pair shows a dot, a bracket, a semicolon or a space after its comma.
    return f"CASE WHEN regexp_matches({cell}, '[.\\[;]|, ') THEN {point} END"


def _lat_lon(cell: str) -> str:
    return _pair(cell, latitude_first=True)


def _lon_lat(cell: str) -> str:
    return _pair(cell, latitude_first=False)


def _member(text: str, *names: str) -> str:
    members = ", ".join(f"json_extract_string({text}, '$.{name}')" for name in names)
    return f"TRY_CAST(coalesce({members}) AS DOUBLE)"


def _point_object(cell: str) -> str:
    text = trimmed(cell)
    longitude = _member("t", "lon", "lng", "long", "longitude")
    latitude = _member("t", "lat", "latitude")
    point = once(f"[{longitude}, {latitude}]", "h", degrees_point("h[1]", "h[2]"))
    return f"CASE WHEN {text}[1] = '{{' THEN {once(text, 't', f'CASE WHEN json_valid(t) THEN {point} END')} END"


def _within(box: Box, shape: str, result: str = "g") -> str:
    """SQL: ``result`` (of ``g``) when all of ``shape`` lies in the box, else NULL; the lambda has ``shape`` made only once."""
    corners = box.contains("ST_XMin(g)", "ST_YMin(g)") + " AND " + box.contains("ST_XMax(g)", "ST_YMax(g)")
    return f"list_transform([{shape}], lambda g: CASE WHEN {corners} THEN {result} END)[1]"


_SHAPES = "(?:MULTI)?(?:POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION)"
"""How a shape in WKT begins, in a regular expression."""


def _wkt(cell: str) -> str:
    text = f"regexp_replace({trimmed(cell)}, '^(?i)SRID=4326;', '')"
    looks = f"regexp_matches({trimmed(cell)}, '^(?i)(?:SRID=4326;)?{_SHAPES}')"
    return f"CASE WHEN {looks} THEN {_within(WORLD, f'TRY(ST_GeomFromText({text}))')} END"


def _wkt_lambert93(cell: str) -> str:
    text = trimmed(cell)
    box = next(p.box for p in PROJECTIONS if p.name == "lambert93")
    moved = "ST_Transform(g, 'EPSG:2154', 'EPSG:4326', always_xy := true)"
    looks = f"regexp_matches({text}, '^(?i){_SHAPES}')"
    return f"CASE WHEN {looks} THEN {_within(box, f'TRY(ST_GeomFromText({text}))', moved)} END"


def _moved(shape: str, epsg: str) -> str:
    """SQL: ``shape`` (NULL when it is none) from the system of that EPSG code to WGS 84, when all of it lies in the world."""
    return _within(WORLD, f"TRY(ST_Transform({shape}, concat('EPSG:', {epsg}), 'EPSG:4326', always_xy := true))")


def _ewkt(cell: str) -> str:
    text = trimmed(cell)
    looks = f"regexp_matches({text}, '^(?i)SRID=[0-9]{{4,6}};{_SHAPES}')"
    code = f"regexp_extract({text}, '^(?i)SRID=([0-9]+);', 1)"
    shape = f"TRY(ST_GeomFromText(regexp_replace({text}, '^[^;]*;', '')))"
    return f"CASE WHEN {looks} THEN {_moved(shape, code)} END"


def _ewkb(cell: str) -> str:
    text = trimmed(cell)
    looks = f"regexp_full_match({text}, '01[0-9A-Fa-f]{{6}}[26AaEe]0[0-9A-Fa-f]{{4}}0000[0-9A-Fa-f]+') AND length({text}) % 2 = 0"
    code = f"TRY_CAST(concat('0x', {text}[13:14], {text}[11:12]) AS INTEGER)"
    return f"CASE WHEN {looks} THEN {_moved(f'TRY(ST_GeomFromHEXWKB({text}))', code)} END"


def _wkb(cell: str) -> str:
    text = trimmed(cell)
    looks = f"length({text}) >= 42 AND length({text}) % 2 = 0 AND regexp_full_match({text}, '0[01][0-9A-Fa-f]+')"
    return f"CASE WHEN {looks} THEN {_within(WORLD, f'TRY(ST_GeomFromHEXWKB({text}))')} END"


def _geojson(cell: str) -> str:
    text = trimmed(cell)
    looks = f"{text}[1] = '{{' AND (contains({text}, '\"coordinates\"') OR contains({text}, '\"geometries\"')) AND json_valid({text})"
    bare = f"CASE WHEN json_extract_string({text}, '$.type') = 'Feature' THEN json_extract({text}, '$.geometry')::VARCHAR ELSE {text} END"
    return f"CASE WHEN {looks} THEN {_within(WORLD, f'TRY(ST_GeomFromGeoJSON({bare}))')} END"


def number(cell: str) -> str:
    """SQL: a coordinate, with a dot or a decimal comma, spaces left out."""
    bare = f"regexp_replace({cell}, '[\\s\\pZ]', '', 'g')"
    return f"coalesce(TRY_CAST({cell} AS DOUBLE), TRY_CAST(replace({bare}, ',', '.') AS DOUBLE))"


def _degrees_columns(x: str, y: str) -> str:
    plain_x, plain_y = f"TRY_CAST({x} AS DOUBLE)", f"TRY_CAST({y} AS DOUBLE)"  # most numbers, without more ado
    quick = f"WHEN {WORLD.contains(plain_x, plain_y)} THEN ST_Point({plain_x}, {plain_y})"
    return f"CASE {quick} ELSE {degrees_point(number(x), number(y))} END"


def _swapped_columns(x: str, y: str) -> str:
    return degrees_point(number(y), number(x))


def _projected_columns(projection: Projection) -> Callable[..., str]:
    def sql(x: str, y: str) -> str:
        east, north = number(x), number(y)
        moved = f"ST_Transform(ST_Point({east}, {north}), 'EPSG:{projection.epsg}', 'EPSG:4326', always_xy := true)"
        return f"CASE WHEN {projection.box.contains(east, north)} THEN {moved} END"

    return sql


def _geometry(cell: str) -> str:
    return cell


LAT_LON = Parser(
    "latlon",
    ColumnType.GEO_POINT,
    _lat_lon,
    _POINT,
    good=(("48.62, 2.43", "POINT (2.43 48.62)"), ("[48.62,2.43]", "POINT (2.43 48.62)"), ("48, 2", "POINT (2 48)")),
    bad=("48,62", "91.0, 2.0", "48.62", "48.62, 2.43, 80", "nan, 2.", "a, b", "", "1.5"),
)

LON_LAT = Parser(
    "lonlat",
    ColumnType.GEO_POINT,
    _lon_lat,
    _POINT,
    good=(("[2.43,48.62]", "POINT (2.43 48.62)"), ("2.43; 48.62", "POINT (2.43 48.62)")),
    bad=("2,43", "2.0, 91.0", "", "[2.43]"),
)

POINT_OBJECT = Parser(
    "point_object",
    ColumnType.GEO_POINT,
    _point_object,
    _POINT,
    good=(
        ('{"lat": 48.62, "lon": 2.43}', "POINT (2.43 48.62)"),
        ('{"lon": "2.43", "lat": "48.62"}', "POINT (2.43 48.62)"),
    ),
    bad=('{"lat": 48.62}', '{"lat": 480, "lon": 2}', "{lat", "[1, 2]", ""),
)

WKT = Parser(
    "wkt",
    ColumnType.GEO_SHAPE,
    _wkt,
    _SHAPE,
    good=(("POINT(2.43 48.62)", "POINT (2.43 48.62)"), ("SRID=4326;POINT (2 48)", "POINT (2 48)")),
    bad=("POINT(652000 6860000)", "POLYGON((0 0, 1 1)", "POINT", "Polygone", ""),
)

WKT_LAMBERT93 = Parser(
    "wkt_lambert93",
    ColumnType.GEO_SHAPE,
    _wkt_lambert93,
    _SHAPE,
    good=(("POINT(700000 6600000)", "POINT (3 46.5)"),),
    bad=("POINT(2.43 48.62)", "POINT(700000 66)", ""),
)

EWKT = Parser(
    "ewkt",
    ColumnType.GEO_SHAPE,
    _ewkt,
    _SHAPE,
    good=(("SRID=2154;POINT(700000 6600000)", "POINT (3 46.5)"), ("srid=32631;Point (500000 0)", "POINT (3 0)")),
    bad=("SRID=999999;POINT(1 2)", "SRID=2154;POINT(1", "SRID=2154", "POINT(2 48)", "700000;6600000", ""),
)

EWKB = Parser(
    "ewkb",
    ColumnType.GEO_SHAPE,
    _ewkb,
    _SHAPE,
    good=(("01010000206A08000000000000C05C254100000000502D5941", "POINT (3 46.5)"),),
    bad=("0101000000000000000000F03F0000000000000040", "01010000206A0800000000", "deadbeef" * 6, ""),
)

WKB = Parser(
    "wkb",
    ColumnType.GEO_SHAPE,
    _wkb,
    _SHAPE,
    good=(
        ("0101000000000000000000F03F0000000000000040", "POINT (1 2)"),
        ("0101000020E6100000000000000000F03F0000000000000040", "POINT (1 2)"),
    ),
    bad=("0101", "0101000000000000000000F03F00000000000000", "01020304050607080910", "", "deadbeef" * 6),
)

GEOJSON_CELL = Parser(
    "geojson_cell",
    ColumnType.GEO_SHAPE,
    _geojson,
    _SHAPE,
    good=(
        ('{"type": "Point", "coordinates": [1, 2]}', "POINT (1 2)"),
        ('{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1,2]}}', "POINT (1 2)"),
    ),
    bad=('{"type": "Point", "coordinates": [100000, 2]}', '{"type": "Point"}', '{"coordinates": 3}', "{", ""),
)

GEOMETRY = Parser("geometry", ColumnType.GEO_SHAPE, _geometry, _SHAPE, good=(), bad=(), automatic=False)
"""A geometry that the reader already made."""

LON_LAT_COLUMNS = Parser(
    "lon_lat_columns", ColumnType.GEO_POINT, _degrees_columns, _POINT, good=(), bad=(), arity=2, automatic=False
)

SWAPPED_COLUMNS = Parser(
    "swapped_columns", ColumnType.GEO_POINT, _swapped_columns, _POINT, good=(), bad=(), arity=2, automatic=False
)

PROJECTED_COLUMNS = tuple(
    Parser(
        f"{projection.name}_columns",
        ColumnType.GEO_POINT,
        _projected_columns(projection),
        _POINT,
        good=(),
        bad=(),
        arity=2,
        automatic=False,
    )
    for projection in PROJECTIONS
)
