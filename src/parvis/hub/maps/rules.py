"""What of a dataset a map shows: its title, its legends, the values of its tooltip."""

from __future__ import annotations

import re
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

CODE_WORDS = {
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
    "ident",
    "gml",
    "matricule",
    "prefixe",
    "osm",
}
"""Words of columns that hold codes and identifiers."""

ABOUT_WORDS = {
    "source", "sources", "origine", "licence", "commentaire", "commentaires", "observation", "observations", "remarque",
    "remarques", "description", "desc", "resume", "url", "lien", "site_web", "horaires", "horaire", "tarification", "date",
    "dateobserved", "photo", "image", "etiquettes", "detail", "precisions", "conditions", "maj", "resource", "fichier",
}  # fmt: skip
"""Words of columns that tell about a row without naming it."""

_CAMEL = re.compile("[a-z]+(?:[A-Z][a-z]+)+")

_PLACE_WORDS = {"lat", "latitude", "lon", "lng", "long", "longitude", "x", "y", "coord", "coordonnees", "coordonnee"}

_COMMUNE_WORDS = {"commune", "communes", "ville", "villes"}
_TERRITORIES: Mapping[str, set[str]] = {
    "insee_commune": _COMMUNE_WORDS,
    "postcode": _COMMUNE_WORDS,
    "department": {"departement", "departements", "dep"},
    "region": {"region", "regions"},
    "epci": {"epci", "intercommunalite"},
    "iris": set(),
}
"""Kinds of columns of territories, and the words of the columns that name the same ones."""
_STREET_WORDS = {"adresse", "address", "voie", "rue"}
_TERRITORY_WORDS = frozenset().union(*_TERRITORIES.values())

_GEOMETRY_KINDS = {"POINT": "points", "LINESTRING": "lines", "POLYGON": "areas"}


def geometry_kind(types: Iterable[str], only_points: bool) -> str:
    """``points``, ``lines``, ``areas``, or ``mixed``."""
    if only_points:
        return "points"
    kinds = {_GEOMETRY_KINDS.get(kind.upper().removeprefix("MULTI"), "mixed") for kind in types}
    return kinds.pop() if len(kinds) == 1 else "mixed"


def words_of(column: Column) -> set[str]:
    """The words of a column's name; those of ``codeBureauVote`` are told by the capitals of its heading."""
    if "_" not in column.name and _CAMEL.fullmatch(column.label):
        return {word.lower() for word in re.findall("[A-Z]?[a-z]+", column.label)}
    return set(column.name.split("_"))


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
    words = words_of(column)
    return (
        column.type.is_number
        and not column.kind
        and not words & (CODE_WORDS | _PLACE_WORDS)
        and column_profile is not None
        and column_profile.distinct > CLASSES
    )


def is_code(column: Column) -> bool:
    """Whether its values are codes, or tell about the data rather than the place: those of territories are shown by their names."""
    if column.kind:
        return column.kind not in _TERRITORIES
    return bool((CODE_WORDS | ABOUT_WORDS) & words_of(column))


def is_place(column: Column) -> bool:
    """Whether it tells in which territory or street a row is, which the map shows by itself."""
    return column.kind in _TERRITORIES or bool((_TERRITORY_WORDS | _STREET_WORDS) & words_of(column))


def is_named_beside(column: Column, columns: Iterable[Column], profile: Mapping[str, ColumnProfile]) -> bool:
    """Whether another column holds the names of the territories whose codes this one holds."""
    if column.kind not in _TERRITORIES:
        return False
    return any(
        other.type is ColumnType.TEXT
        and not other.kind
        and _TERRITORIES[column.kind] & words_of(other)
        and other.name in profile
        and profile[other.name].nulls <= profile[column.name].nulls
        for other in columns
    )


def category_values(profile: ColumnProfile, most: int = CATEGORIES) -> list[dict[str, Any]]:
    """The most frequent values, each with its count and the rank of its colour, from 1."""
    return [{"value": value, "count": count, "rank": rank} for rank, (value, count) in enumerate(profile.top[:most], 1)]


def class_edges(quantiles: Iterable[float | None]) -> list[float]:
    """Rising edges between classes; equal quantiles leave fewer classes."""
    return sorted({float(value) for value in quantiles if value is not None})
