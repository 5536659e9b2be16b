"""What an engine is asked: checked queries and named plans, made of bound nodes and plain values. No SQL, no file.

Each says which columns its answer has, in order; those who read it go by their place.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from parvis.core.columns import Column
from parvis.core.mercator import TileAddress
from parvis.core.odsql.bound import ALWAYS, Aggregate, Bound, Cell, Query, Test

WGS84 = 4326
"""EPSG code of the coordinates in which rows are stored, longitude first."""


class GeometryForm(StrEnum):
    """The form of geometries in an answer."""

    JSON = "json"
    """Points as ``lon`` and ``lat``, shapes as the text of a GeoJSON geometry."""
    WKB = "wkb"
    """All of them as well-known binary."""
    WKT = "wkt"
    """All of them as well-known text."""
    DRAWN_WKB = "drawn-wkb"
    """The one drawn as well-known binary, the others as JSON."""
    DRAWN_WKT = "drawn-wkt"
    """The one drawn as well-known text, the others as JSON."""


# Queries of the language


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows or the groups of a query: one column an output.

    The geometry at the place ``drawn``, if any, leaves in the system of EPSG code ``epsg``, x or longitude first.
    """

    query: Query
    form: GeometryForm = GeometryForm.JSON
    drawn: int | None = None
    epsg: int = WGS84


@dataclass(frozen=True, slots=True)
class MarkedRows:
    """Those of a query without groups with, after the outputs, the rank of each in the source and the keys of its order."""

    query: Query


@dataclass(frozen=True, slots=True)
class CountedGroups:
    """Those of a grouped query with, after the outputs, the number of all its groups: rows are then gone through once."""

    query: Query


@dataclass(frozen=True, slots=True)
class GroupCount:
    """How many groups a query has."""

    query: Query


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows a condition keeps."""

    where: Test = ALWAYS


@dataclass(frozen=True, slots=True)
class SearchedWords:
    """The words of each row that a search looks through, in the order of the source: one text."""


class FacetOrder(StrEnum):
    """How the values of a facet are listed; a minus sign is the other way round."""

    COUNT = "count"
    COUNT_DOWN = "-count"
    ALPHANUM = "alphanum"
    ALPHANUM_DOWN = "-alphanum"
    NUMBER = "num"
    NUMBER_DOWN = "-num"


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """Each value of an expression, those of a list one by one, and how many rows have it."""

    value: Bound
    where: Test
    order: FacetOrder
    limit: int


@dataclass(frozen=True, slots=True)
class FormulaCells:
    """How many cells of these texts begin with one of the characters and are no plain number."""

    cells: tuple[Cell, ...]
    starts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeriesOrder:
    """One level of the order of series: the ``rank``-th axis or the ``rank``-th value; nulls come last."""

    is_axis: bool
    rank: int
    descending: bool


@dataclass(frozen=True, slots=True)
class Series:
    """Values along axes, the axes first, then the values; a row stands once for each value of a list, and rows without a key
    are left out. Without axes, one row."""

    axes: tuple[Bound, ...]
    values: tuple[Aggregate, ...]
    where: Test
    orders: tuple[SeriesOrder, ...]
    limit: int


# Numbers and places


@dataclass(frozen=True, slots=True)
class Quantiles:
    """One list: the least numbers that these shares of the finite ones do not exceed; null when there is none."""

    number: Bound
    shares: tuple[float, ...]
    where: Test = ALWAYS


@dataclass(frozen=True, slots=True)
class SortedNumbers:
    """One list: all the finite numbers, rising; null when there is none."""

    number: Bound
    where: Test = ALWAYS


@dataclass(frozen=True, slots=True)
class BoundingBox:
    """One list: how many rows, then west, south, east and north of their geometries, null when there is none."""

    geometry: Cell
    where: Test


@dataclass(frozen=True, slots=True)
class GeometryTypes:
    """Each type of geometry (``POINT``…) by name, how many rows have it, and its west, south, east and north."""

    geometry: Cell
    where: Test


@dataclass(frozen=True, slots=True)
class Gatherings:
    """Points by cells of ``side`` degrees on the map of the web, whose latitudes end at ``top``: count, mean longitude and
    latitude, hull as GeoJSON, then the values. The largest first."""

    point: Cell
    values: tuple[Aggregate, ...]
    where: Test
    side: float
    top: float
    limit: int


@dataclass(frozen=True, slots=True)
class DistinctShapes:
    """Each geometry once: its digest, itself simplified to ``tolerance`` degrees as GeoJSON, how many rows have it, then the
    values. The most frequent first."""

    geometry: Cell
    digest: Bound
    values: tuple[Aggregate, ...]
    where: Test
    tolerance: float
    limit: int


class Usual(StrEnum):
    """What stands for several values."""

    MEDIAN = "median"
    MODE = "mode"


@dataclass(frozen=True, slots=True)
class Squares:
    """Places by squares so wide and tall: columns ``x``, ``y``, ``n`` and ``colour``, the usual value of a column."""

    geometry: Cell
    colour: Cell | None
    usual: Usual
    wide: float
    tall: float
    where: Test


@dataclass(frozen=True, slots=True)
class ProjectionTest:
    """A number when a map projection has that EPSG code; QueryRefused or EngineFailed otherwise."""

    epsg: int


# Vector tiles: pairs of how many features and their encoded layer, but for what is counted


type Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a tile draws of a source: a geometry, the few values a legend or a tooltip needs, a condition, and where all of
    it is, when that is known."""

    geometry: Column
    fields: tuple[Column, ...] = ()
    where: Test = ALWAYS
    bbox: Box | None = None


@dataclass(frozen=True, slots=True)
class PointGrid:
    """All points by places of a grid of ``2**level`` along the side of the world: ``across`` and ``down``, how many, sums of
    their longitudes and latitudes, and the ranks of their rows where they are ``sparse`` at most."""

    drawing: Drawing
    level: int
    sparse: int


@dataclass(frozen=True, slots=True)
class CellCounts:
    """The points of a tile by ``cells`` along its side: rank of the cell (column, then row from the north), how many, mean
    longitude and latitude, and the ranks of the first ``sparse`` rows."""

    drawing: Drawing
    address: TileAddress
    cells: int
    sparse: int


@dataclass(frozen=True, slots=True)
class RowsTile:
    """Layer ``points``: some rows drawn in a tile, looked for in ``region``."""

    drawing: Drawing
    address: TileAddress
    region: TileAddress
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ClustersTile:
    """Layer ``clusters``: each with how many it gathers, where it is in degrees, and its rank."""

    address: TileAddress
    counts: tuple[int, ...]
    longitudes: tuple[float, ...]
    latitudes: tuple[float, ...]
    ranks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SpotsTile:
    """Layers ``points`` (rows alone on their spot) and ``clusters`` (``n`` rows of a spot), spots being ``cells`` along its side.

    ``rows`` are those that are drawn, None for all; where ``is_even``, a spot of several rows stands in the middle of its cell.
    ``crowds`` are clusters that are there besides.
    """

    drawing: Drawing
    address: TileAddress
    cells: int
    rows: tuple[int, ...] | None = None
    is_even: bool = False
    crowds: ClustersTile | None = None


@dataclass(frozen=True, slots=True)
class ShapesTile:
    """Layers ``shapes``, clipped and simplified to what a screen shows, and ``specks``, too small to draw, gathered."""

    drawing: Drawing
    address: TileAddress


type QueryPlan = Rows | MarkedRows | CountedGroups | GroupCount | Count | SearchedWords
type TablePlan = FacetCounts | FormulaCells | Series | Quantiles | SortedNumbers
type PlacePlan = BoundingBox | GeometryTypes | Gatherings | DistinctShapes | Squares | ProjectionTest
type TilePlan = PointGrid | CellCounts | RowsTile | ClustersTile | SpotsTile | ShapesTile
type Plan = QueryPlan | TablePlan | PlacePlan | TilePlan
