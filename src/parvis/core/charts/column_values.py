"""What the values of a column say of it, where its title says nothing: codes, spellings, coordinates, moments written as text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from parvis.core.charts.questions import Table
from parvis.core.columns import Column, ColumnType
from parvis.core.text import fold
from parvis.core.versions.manifest import ColumnProfile
from parvis.core.years import AFTER_LAST, FIRST

_CODE = re.compile(r"[A-Z]?\d+[A-Z]?|[A-Za-z]|[A-Z]+_\d+")
"""A value that says nothing without the list it comes from: « 011 », « H », « TER_20 »."""
_MOMENTS = (
    ("year", re.compile(r"(\d{4})")),
    ("month", re.compile(r"(\d{4})-(?:0[1-9]|1[0-2])")),
    ("day", re.compile(r"(\d{4})-(?:0[1-9]|1[0-2])-[0-3]\d(?:T[\d:]+(?:Z|[+-][\d:]+)?)?(?:/\S+)?")),
)
"""As they are written in columns of texts; a day may be an interval that begins then."""
_DEGREES = ((41.0, 51.6), (-5.5, 9.8))
"""Latitudes and longitudes of metropolitan France."""


def listed(profile: ColumnProfile) -> list[str]:
    """The values of a column of texts: all of them when they are few and short, else the most frequent."""
    return profile.values or [value for value, _count in profile.top]


def count_of_names(profile: ColumnProfile) -> int:
    """How many values a column has, two spellings of one counted once: « Département du Lot », « Departement du Lot »."""
    values = listed(profile)
    return profile.distinct - len(values) + len({re.sub(r"\W+", " ", fold(value)).strip() for value in values})


def is_code(value: str) -> bool:
    """Whether a value says nothing without the list it comes from."""
    return bool(_CODE.fullmatch(value.strip()))


def is_coded(column: Column, profile: ColumnProfile) -> bool:
    """Whether most values are codes that no label of the card puts in words."""
    values = listed(profile)
    return sum(is_code(value) and not column.label_of(value) for value in values) > len(values) / 2


def is_coordinate(table: Table, column: Column) -> bool:
    """Whether decimal numbers, nearly all different, say where rows are, in a table whose header does not say so."""
    profile = table.profile[column.name]
    if column.type is not ColumnType.DOUBLE or not any(other.type.is_geographic for other in table.shape):
        return False
    if profile.distinct < 0.8 * (table.rows - profile.nulls):
        return False
    return any(low <= float(profile.minimum) and float(profile.maximum) <= high for low, high in _DEGREES)


def step_of(values: Iterable[object]) -> str:
    """The step of time that texts are written in, ``year``, ``month`` or ``day``; empty when one of them is no moment."""
    texts = [value for value in values if value is not None]
    if not texts or not all(isinstance(text, str) for text in texts):
        return ""
    for step, pattern in _MOMENTS:
        matches = [pattern.fullmatch(str(text)) for text in texts]
        if all(match and FIRST <= int(match[1]) < AFTER_LAST for match in matches):
            return step
    return ""
