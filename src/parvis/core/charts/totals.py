"""Rows that hold others: totals beside their parts, communes beside their departments. One level is kept, and it is said."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from parvis.core.charts.description import SeriesSource
from parvis.core.charts.questions import Table
from parvis.core.columns import ColumnType
from parvis.core.text import fold

_TOTAL = re.compile(
    r"(?:total|ensemble|tous|toutes|tout)(?: (?:general|des?|les|confondu)\b.*)?|(?:total|ensemble) \w+|france(?: entiere| metropolitaine)?"
    r"|national|both sexes|all"
)
_LEVELS = frozenset(
    [
        "commune",
        "communes",
        "com",
        "arm",
        "coma",
        "comd",
        "plm",
        "srm",
        "arrondissement",
        "arrondissements",
        "municipal",
        "canton",
        "cantons",
        "iris",
        "epci",
        "epcis",
        "intercommunalite",
        "intercommunalites",
        "departement",
        "departements",
        "dep",
        "region",
        "regions",
        "reg",
        "national",
        "nationale",
        "france",
        "pays",
        "bassin",
    ]
)
_KEPT = re.compile(r'`(\w+)` (=|!=) "([^"\\]+)"', re.ASCII)
_NEAR = 0.005
"""How far what is called a total may be from the sum of the others: figures are rounded, some kept secret."""
_LEAST_PARTS = 3
"""Parts from which a value equal to their sum is that, whatever it is called."""
_LEAST_SUM = 1_000
"""Under it, small numbers are equal by chance."""


def is_total(value: str) -> bool:
    """Whether a value is called a total: « Total », « Ensemble », « France entière »."""
    return bool(_TOTAL.fullmatch(_folded(value)))


def are_levels(values: Sequence[str]) -> bool:
    """Whether values are levels of territories that hold one another: « commune », « département »."""
    return len(values) > 1 and all(_folded(value) in _LEVELS for value in values)


def _folded(value: str) -> str:
    return re.sub(r"\W+", " ", fold(value)).strip()


def on_one_level(source: SeriesSource, table: Table) -> SeriesSource:
    """The source that does not count rows with those they hold: without the totals of what it groups by, with those of the rest."""
    conditions = [
        condition
        for condition in _conditions(source, table)
        if not any(condition.split(" ")[0] == other.split(" ")[0] for other in source.where)
    ]
    return replace(source, where=(*source.where, *conditions)) if conditions else source


def _conditions(source: SeriesSource, table: Table) -> Iterator[str]:
    for column in table.shape:
        profile = table.profile.get(column.name)
        values = profile.values if profile else []
        if (
            column.type is not ColumnType.TEXT
            or len(values) < 2
            or any('"' in value or "\\" in value for value in values)
        ):
            continue
        grouped = column.name in (source.grouping, source.series)
        totals = [value for value in values if is_total(value)]
        if are_levels(values):
            if not grouped and profile and profile.top:
                yield f'`{column.name}` = "{profile.top[0][0]}"'
        elif len(totals) == 1 and len(values) > 2:
            yield f'`{column.name}` {"!=" if grouped else "="} "{totals[0]}"'


def kept_by(source: SeriesSource) -> list[tuple[str, str, str]]:
    """The column, the comparison and the value of each condition that keeps rows of one level."""
    matches = (_KEPT.fullmatch(condition) for condition in source.where)
    return [
        (match[1], match[2], match[3])
        for match in matches
        if match and (is_total(match[3]) or (match[2] == "=" and _folded(match[3]) in _LEVELS))
    ]


def total_among(sums: Mapping[str, float], *, is_count: bool) -> str:
    """The name whose value is the sum of all the others; empty when there is none.

    One that is called a total may be a little off; one that is not must be equal, to the sum of enough values other than numbers
    of rows.
    """
    whole = math.fsum(sums.values())
    for name, value in sums.items():
        rest = whole - value
        parts = sum(1 for other, part in sums.items() if part and other != name)
        if parts < 2 or value <= 0 or min(sums.values()) < 0:
            continue
        if is_total(name) and abs(value - rest) <= _NEAR * value:
            return name
        is_sum = math.isclose(value, rest, rel_tol=1e-9)
        if is_sum and not is_count and parts >= _LEAST_PARTS and value >= _LEAST_SUM:
            return name
    return ""


def summed(pairs: Iterator[tuple[str, float]]) -> dict[str, float]:
    """Values added up by name."""
    sums: dict[str, float] = defaultdict(float)
    for name, value in pairs:
        sums[name] += value
    return dict(sums)
