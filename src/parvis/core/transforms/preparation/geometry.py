"""Points and shapes: made of two columns, taken apart, projected, measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parvis.core.columns import ColumnType
from parvis.core.profiling.detectors.geography import number, pair
from parvis.core.profiling.parsers import filled, once
from parvis.core.profiling.table import PARSER_BY_NAME
from parvis.core.profiling.territory import PROJECTIONS, WORLD, in_france
from parvis.core.staging import quote_identifier
from parvis.core.transforms.preparation.model import Choice, Group, Kind, Parameter, Preparation
from parvis.core.transforms.preparation.values import plain_number
from parvis.core.transforms.preparation.work import Cell, Failure, Result, Work
from parvis.core.translation import Sentence, gettext_noop

_SHAPES = ("wkt", "ewkt", "geojson_cell", "wkb", "ewkb", "point_object")
SYSTEMS: Mapping[str, str] = {"EPSG:4326": "WGS 84", **{f"EPSG:{row.epsg}": row.label for row in PROJECTIONS}}
"""Coordinate systems, by code: those that French files use."""
_TRANSFORM = "ST_Transform({shape}, '{source}', '{target}', always_xy := true)"


def shape_of(work: Work, header: str) -> str:
    """SQL: the geometry of a column (degrees, longitude first), whatever way it is written; NULL for what is none."""
    column = work.column(header)
    cell = quote_identifier(column.name)
    if work.types[column.name] == "GEOMETRY":
        return cell
    written = [name for name in _SHAPES if name in PARSER_BY_NAME]
    pairs = once(pair(cell), "h", _placed("h[1]", "h[2]"))
    return (
        "coalesce("
        + ", ".join([*(f"({PARSER_BY_NAME[name].sql(cell)})::GEOMETRY" for name in written), f"({pairs})::GEOMETRY"])
        + ")"
    )


def _placed(first: str, second: str) -> str:
    """SQL: the point of two numbers: latitude first, unless only the other order falls in France."""
    turned = f"{in_france(first, second)} AND NOT {in_france(second, first)}"
    usual = f"CASE WHEN {WORLD.contains(second, first)} THEN ST_Point({second}, {first}) END"
    return f"CASE WHEN {turned} THEN ST_Point({first}, {second}) ELSE {usual} END"


def _system(work: Work, name: str) -> str:
    code = name.upper() if ":" in name else f"EPSG:{name}"
    if code not in SYSTEMS:
        raise work.refuse(
            Sentence(
                "le système de coordonnées « {name} » n’est pas proposé ({names})",
                {"name": name[:40], "names": ", ".join(SYSTEMS)},
            )
        )
    return code


def _in_area(code: str, x: str, y: str) -> str:
    """SQL: true for coordinates that this system may have."""
    box = next((row.box for row in PROJECTIONS if f"EPSG:{row.epsg}" == code), WORLD)
    return box.contains(x, y)


def _point(work: Work, values: Mapping[str, Any]) -> Result:
    x, y = number(work.cell(values["x"])), number(work.cell(values["y"]))
    system = _system(work, values["from"])
    shape = f"ST_Point({x}, {y})"
    moved = shape if system == "EPSG:4326" else _TRANSFORM.format(shape=shape, source=system, target="EPSG:4326")
    sql = f"CASE WHEN {_in_area(system, x, y)} THEN {moved} END"
    either = f"coalesce({filled(work.cell(values['x']))}, false) OR coalesce({filled(work.cell(values['y']))}, false)"
    shown = f"concat_ws(' ; ', {work.cell(values['x'])}, {work.cell(values['y'])})"
    failure = Failure(f"({either}) AND __new__ IS NULL", shown, "not-a-place")
    gone = [values["x"], values["y"]] if values["drop"] else []
    return work.put({work.free(values["to"], gone): Cell(sql, ColumnType.GEO_POINT, (failure,))}, gone=gone)


def _coordinates(work: Work, values: Mapping[str, Any]) -> Result:
    header, system = values["column"], _system(work, values["in"])
    shape = shape_of(work, header)
    point = f"ST_PointOnSurface({shape})"
    if system != "EPSG:4326":
        point = _TRANSFORM.format(shape=point, source="EPSG:4326", target=system)
    digits = 7 if system == "EPSG:4326" else 2
    failing = work.failing(header, "not-a-place")
    cells = {
        work.free(values[axis]): Cell(
            f"round(ST_{axis.upper()}({point}), {digits})::VARCHAR",
            ColumnType.DOUBLE,
            (failing,) if axis == "x" else (),
        )
        for axis in ("x", "y")
    }
    return work.put(cells, after=header)


_MEASURES: Mapping[str, tuple[str, Mapping[str, float]]] = {
    "area": ("ST_Area_Spheroid(ST_FlipCoordinates({shape}))", {"m2": 1, "ha": 1e-4, "km2": 1e-6}),
    "length": ("ST_Length_Spheroid(ST_FlipCoordinates({shape}))", {"m": 1, "km": 1e-3}),
    "perimeter": ("ST_Perimeter_Spheroid(ST_FlipCoordinates({shape}))", {"m": 1, "km": 1e-3}),
}
"""DuckDB measures on the ellipsoid, and takes latitude first there."""


def _measure(work: Work, values: Mapping[str, Any]) -> Result:
    header, unit = values["column"], values["unit"]
    sql, units = _MEASURES[values["measure"]]
    if unit not in units:
        raise work.refuse(
            Sentence("« {measure} » se mesure en {units}", {"measure": values["measure"], "units": ", ".join(units)})
        )
    value = f"round({sql.format(shape=shape_of(work, header))} * {units[unit]!r}, 4)"
    return work.put(
        {work.free(values["to"]): Cell(plain_number(value), ColumnType.DOUBLE, (work.failing(header, "not-a-place"),))},
        after=header,
    )


def _distance(work: Work, values: Mapping[str, Any]) -> Result:
    header = values["column"]
    here = f"ST_FlipCoordinates(ST_PointOnSurface({shape_of(work, header)}))"
    if values["other"]:
        there = f"ST_FlipCoordinates(ST_PointOnSurface({shape_of(work, values['other'])}))"
    elif values["latitude"] is not None and values["longitude"] is not None:
        there = f"ST_Point({float(values['latitude'])!r}, {float(values['longitude'])!r})"
    else:
        raise work.refuse(Sentence("il faut une autre colonne, ou une latitude et une longitude"))
    factor = {"m": 1.0, "km": 1e-3}[values["unit"]]
    sql = plain_number(f"round(ST_Distance_Spheroid({here}::POINT_2D, {there}::POINT_2D) * {factor!r}, 3)")
    return work.put(
        {work.free(values["to"]): Cell(sql, ColumnType.DOUBLE, (work.failing(header, "not-a-place"),))}, after=header
    )


_MADE: Mapping[str, str] = {
    "centroid": "ST_Centroid({shape})",
    "inside": "ST_PointOnSurface({shape})",
    "envelope": "ST_Envelope({shape})",
    "hull": "ST_ConvexHull({shape})",
    "valid": "ST_MakeValid({shape})",
    "simplify": "ST_SimplifyPreserveTopology({shape}, 0.0001)",
}


def _shape(work: Work, values: Mapping[str, Any]) -> Result:
    header, operation = values["column"], values["operation"]
    sql = _MADE[operation].format(shape=shape_of(work, header))
    hint = ColumnType.GEO_POINT if operation in ("centroid", "inside") else ColumnType.GEO_SHAPE
    return work.put({work.free(values["to"]): Cell(sql, hint, (work.failing(header, "not-a-place"),))}, after=header)


_COLUMN = Parameter("column", Kind.COLUMN, gettext_noop("Colonne de points ou de formes"))
_TO = Parameter("to", Kind.NEW, gettext_noop("Nouvelle colonne"))
_UNITS = tuple(
    Choice(unit, label) for unit, label in (("m", gettext_noop("mètres")), ("km", gettext_noop("kilomètres")))
)
_SYSTEMS = tuple(Choice(code, f"{label} ({code})") for code, label in SYSTEMS.items())

GEOMETRY: tuple[Preparation, ...] = (
    Preparation(
        "point", Group.PLACES, gettext_noop("Faire un point de deux colonnes"),
        gettext_noop("Fait un point de deux coordonnées, en degrés ou en mètres (Lambert 93, CC42 à CC50, outre-mer)."),
        gettext_noop("Point {to} fait de {x} et {y} ({from})"),
        (
            Parameter("x", Kind.COLUMN, gettext_noop("Longitude, ou X")), Parameter("y", Kind.COLUMN, gettext_noop("Latitude, ou Y")), _TO,
            Parameter("from", Kind.CHOICE, gettext_noop("Système de coordonnées"), required=False, default="EPSG:4326", choices=_SYSTEMS),
            Parameter("drop", Kind.BOOLEAN, gettext_noop("Retirer les colonnes d’origine"), required=False, default=False),
        ), _point, fails=True,
    ),
    Preparation(
        "coordinates", Group.PLACES, gettext_noop("Écrire les coordonnées d’un point"),
        gettext_noop("Écrit dans deux colonnes les coordonnées d’un point, ou d’un point dans une forme, dans un système."),
        gettext_noop("Coordonnées de {column} écrites dans {x} et {y} ({in})"),
        (
            _COLUMN, Parameter("x", Kind.NEW, gettext_noop("Longitude, ou X")), Parameter("y", Kind.NEW, gettext_noop("Latitude, ou Y")),
            Parameter("in", Kind.CHOICE, gettext_noop("Système de coordonnées"), required=False, default="EPSG:4326", choices=_SYSTEMS),
        ), _coordinates, fails=True,
    ),
    Preparation(
        "measure", Group.PLACES, gettext_noop("Mesurer une surface ou une longueur"),
        gettext_noop("Mesure sur l’ellipsoïde la surface, la longueur ou le périmètre d’une forme."),
        gettext_noop("{to} mesuré sur {column} : {measure} ({unit})"),
        (
            _COLUMN,
            Parameter(
                "measure", Kind.CHOICE, gettext_noop("Mesure"),
                choices=(Choice("area", gettext_noop("surface")), Choice("length", gettext_noop("longueur")), Choice("perimeter", gettext_noop("périmètre"))),
            ), _TO,
            Parameter(
                "unit", Kind.CHOICE, gettext_noop("Unité"), required=False, default="m",
                choices=(*_UNITS, Choice("m2", gettext_noop("mètres carrés")), Choice("ha", gettext_noop("hectares")), Choice("km2", gettext_noop("kilomètres carrés"))),
            ),
        ), _measure, fails=True,
    ),
    Preparation(
        "distance", Group.PLACES, gettext_noop("Mesurer une distance"),
        gettext_noop("Mesure à vol d’oiseau la distance d’un point à un autre, ou à un lieu donné."),
        gettext_noop("{to} : distance de {column}"),
        (
            _COLUMN, _TO, Parameter("other", Kind.COLUMN, gettext_noop("Autre colonne de points"), required=False),
            Parameter("latitude", Kind.NUMBER, gettext_noop("Ou latitude"), required=False, low=-90, high=90),
            Parameter("longitude", Kind.NUMBER, gettext_noop("Ou longitude"), required=False, low=-180, high=180),
            Parameter("unit", Kind.CHOICE, gettext_noop("Unité"), required=False, default="m", choices=_UNITS),
        ), _distance, fails=True,
    ),
    Preparation(
        "shape", Group.PLACES, gettext_noop("Simplifier ou réparer une forme"),
        gettext_noop("Calcule le centre, un point intérieur, le rectangle, l’enveloppe, ou une forme réparée ou simplifiée."),
        gettext_noop("{to} calculé de {column} : {operation}"),
        (
            _COLUMN, _TO,
            Parameter(
                "operation", Kind.CHOICE, gettext_noop("Calcul"),
                choices=(
                    Choice("centroid", gettext_noop("centre")), Choice("inside", gettext_noop("un point à l’intérieur")), Choice("envelope", gettext_noop("rectangle")),
                    Choice("hull", gettext_noop("enveloppe")), Choice("valid", gettext_noop("forme réparée")), Choice("simplify", gettext_noop("forme simplifiée (dix mètres environ)")),
                ),
            ),
        ), _shape, fails=True,
    ),
)  # fmt: skip
"""One row a step."""
