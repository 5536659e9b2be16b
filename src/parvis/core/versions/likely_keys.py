"""Columns that may tell the rows of a table apart, by what its profile says of them: guesses, to be counted, then confirmed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from math import prod

from parvis.core.columns import Column, ColumnType
from parvis.core.text import fold
from parvis.core.versions.manifest import ColumnProfile

_IDENTIFIERS = frozenset(
    [
        "id",
        "ident",
        "identifiant",
        "identifier",
        "uid",
        "uuid",
        "guid",
        "fid",
        "gid",
        "objectid",
        "code",
        "cle",
        "key",
        "ref",
        "reference",
        "num",
        "numero",
        "no",
        "matricule",
        "immatriculation",
        "siren",
        "siret",
        "nic",
        "rna",
        "uai",
        "finess",
        "insee",
        "cog",
        "iris",
        "rome",
        "ape",
        "naf",
        "dossier",
    ]
)
_TIMES = frozenset(
    [
        "annee",
        "an",
        "year",
        "exercice",
        "millesime",
        "mois",
        "trimestre",
        "semestre",
        "semaine",
        "jour",
        "periode",
        "date",
        "tour",
    ]
)
_NAMES = frozenset(["nom", "name", "libelle", "intitule", "titre", "denomination", "salle", "station"])
_PARTS = re.compile(r"[^a-z0-9]+")

ALMOST = 0.98
"""Of the rows: beyond ten thousand values their count is an estimate."""
MOST_OF_DIMENSION = 200
"""Values of a text that sorts rows into kinds; one that has more says something of each row."""
MOST_COLUMNS, MOST_TOGETHER = 8, 3


def likely_keys(
    columns: Sequence[Column], profile: Mapping[str, ColumnProfile], rows: int
) -> Iterator[tuple[str, ...]]:
    """Names of columns whose values may differ from row to row, the likeliest first.

    One identifier; one name; then two or three columns together (identifiers, times, kinds) that can make as many pairs as
    there are rows. Columns with empty cells are left aside: a row without its identifier is not found again.
    """
    full = [column for column in columns if column.name in profile and not profile[column.name].nulls]
    distinct = {column.name: profile[column.name].distinct for column in full}
    for choose in (_is_identifier, _is_name):
        for column in full:
            if choose(column) and distinct[column.name] >= rows * ALMOST:
                yield (column.name,)
    together = sorted(
        (column for column in full if distinct[column.name] > 1 and _sorts_rows(column, distinct[column.name])),
        key=_rank,
    )[:MOST_COLUMNS]
    for size in range(2, MOST_TOGETHER + 1):
        for some in combinations(together, size):
            if prod(distinct[column.name] for column in some) >= rows:
                yield tuple(column.name for column in some)


def _words(column: Column) -> set[str]:
    return set(_PARTS.split(fold(column.name)))


def _is_identifier(column: Column) -> bool:
    if column.type not in (ColumnType.TEXT, ColumnType.INT):
        return False
    return bool(_words(column) & _IDENTIFIERS) or fold(column.name).startswith(("id_", "code", "ndeg"))


def _is_name(column: Column) -> bool:
    return column.type is ColumnType.TEXT and bool(_words(column) & _NAMES)


def _is_time(column: Column) -> bool:
    if column.type in (ColumnType.DATE, ColumnType.DATETIME):
        return True
    return column.type in (ColumnType.INT, ColumnType.TEXT) and bool(_words(column) & _TIMES)


def _sorts_rows(column: Column, distinct: int) -> bool:
    if _is_identifier(column) or _is_time(column):
        return True
    return column.type is ColumnType.TEXT and (distinct <= MOST_OF_DIMENSION or _is_name(column))


def _rank(column: Column) -> int:
    return next((rank for rank, choose in enumerate((_is_identifier, _is_time, _is_name)) if choose(column)), 3)
