"""What of a dataset a map shows: its title, its legends, the values of its tooltip."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from parvis.core.columns import Column, ColumnType
from parvis.core.versions.manifest import ColumnProfile

CATEGORIES = 7
"""Values that get a colour and a shape of their own; the eighth is for all others."""

MOST_DISTINCT = 60
"""Beyond so many values, a column is no legend."""

CLASSES = 5
"""Classes of a legend by number."""

MOST_LEGENDS, MOST_FIELDS = 8, 10
"""Legends offered, and values carried by a tile."""

TITLE_WORDS = ("nom", "titre", "libelle", "intitule", "denomination", "name", "title", "label", "enseigne")
"""Words by which the column that names a row is known, best first."""

_CODE_WORDS = {
    "id",
    "identifiant",
    "code",
    "uid",
    "uuid",
    "ref",
    "reference",
    "numero",
    "num",
    "cle",
    "objectid",
    "gid",
    "fid",
}

_PLACE_WORDS = {"lat", "latitude", "lon", "lng", "long", "longitude", "x", "y", "coord", "coordonnees", "coordonnee"}

_GEOMETRY_KINDS = {"POINT": "points", "LINESTRING": "lines", "POLYGON": "areas"}


def geometry_kind(types: Iterable[str], only_points: bool) -> str:
    """``points``, ``lines``, ``areas``, or ``mixed``."""
    if only_points:
        return "points"
    kinds = {_GEOMETRY_KINDS.get(kind.upper().removeprefix("MULTI"), "mixed") for kind in types}
    return kinds.pop() if len(kinds) == 1 else "mixed"


def title_column(columns: Iterable[Column], profile: Mapping[str, ColumnProfile]) -> Column | None:
    """The column that names a row: by its name, else the text column of most different values."""
    texts = [c for c in columns if c.type is ColumnType.TEXT and not c.annotations.get("multivalued")]
    for word in TITLE_WORDS:
        for column in texts:
            if word in column.name.split("_"):
                return column
    named = [column for column in texts if not is_code(column)] or texts
    return max(named, key=lambda column: _distinct(profile, column), default=None)


def is_code(column: Column) -> bool:
    """Whether the column holds codes: what names a thing to programs, not to people."""
    return bool(column.kind) or bool(_CODE_WORDS & set(column.name.split("_")))


def is_category(column: Column, profile: Mapping[str, ColumnProfile]) -> bool:
    """Whether colours can tell the values of this column apart: few, and each borne by several rows."""
    column_profile = profile.get(column.name)
    repeated = column_profile is not None and sum(count for _value, count in column_profile.top) >= 2 * len(
        column_profile.top
    )
    return (
        repeated
        and column.type in (ColumnType.TEXT, ColumnType.BOOLEAN)
        and not column.annotations.get("multivalued")
        and column_profile is not None
        and 2 <= column_profile.distinct <= MOST_DISTINCT
        and bool(column_profile.top)
    )


def is_dominated(profile: ColumnProfile, rows: int) -> bool:
    """Whether one value is borne by nearly all rows, so that its colour would tell nothing."""
    return profile.top[0][1] >= 0.95 * max(rows - profile.nulls, 1)


def is_measure(column: Column, profile: Mapping[str, ColumnProfile]) -> bool:
    """Whether shades can show this column: a number that varies and is neither a code nor a coordinate."""
    column_profile = profile.get(column.name)
    words = set(column.name.split("_"))
    return (
        column.type.is_number
        and not column.kind
        and not words & (_CODE_WORDS | _PLACE_WORDS)
        and column_profile is not None
        and column_profile.distinct > CLASSES
    )


def category_values(profile: ColumnProfile, most: int = CATEGORIES) -> list[dict[str, Any]]:
    """The most frequent values, each with its count and the rank of its colour, from 1."""
    return [{"value": value, "count": count, "rank": rank} for rank, (value, count) in enumerate(profile.top[:most], 1)]


def class_edges(quantiles: Iterable[float | None]) -> list[float]:
    """Rising edges between classes; equal quantiles leave fewer classes."""
    return sorted({float(value) for value in quantiles if value is not None})


def _distinct(profile: Mapping[str, ColumnProfile], column: Column) -> int:
    return profile[column.name].distinct if column.name in profile else 0
