"""Numbers that are years: written in one piece, « 2024 » and not « 2 024 »."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from parvis.core.columns import Column
from parvis.core.text import fold

FIRST, AFTER_LAST = 1500, 2200
"""Years that columns may speak of: a larger or smaller number in one is something else, a zero put for nothing."""


def holds_years(column: Column) -> bool:
    """Whether a column was recognised as one of years, or is named after them."""
    return column.kind == "year" or _names_years(f"{column.name} {column.label}")


_NAMED = re.compile(r"(?:^|[\W_])(?:annee|year|millesime|exercice)s?(?:$|[\W_])|^an ")
_OF_ONE = re.compile(r"\d{4}")
"""« Population, année 2020 » counts people, in one year."""


@lru_cache(maxsize=4096)
def _names_years(names: str) -> bool:
    folded = fold(names)
    return bool(_NAMED.search(folded)) and not _OF_ONE.search(folded)


def is_year(value: float, column: Column | None) -> bool:
    """A whole number from 1500 to 2199 in a column of years."""
    return column is not None and value == int(value) and FIRST <= value < AFTER_LAST and holds_years(column)


IN_YEAR = re.compile(r"`(\w+)` = (\d{4})", re.ASCII)
"""What ``in_year`` makes."""


def in_year(column: str, year: int) -> str:
    """The condition of rows of one year, in the query language."""
    return f"`{column}` = {year}"


def year_among(conditions: Iterable[str], columns: Iterable[Column]) -> tuple[str, int] | None:
    """The column and the year of a condition that keeps the rows of one year; None without any."""
    of_years = {column.name for column in columns if holds_years(column)}
    matches = (IN_YEAR.fullmatch(condition) for condition in conditions)
    return next(((match[1], int(match[2])) for match in matches if match and match[1] in of_years), None)
