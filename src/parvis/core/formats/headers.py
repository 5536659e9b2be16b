"""Which row of a table holds the headers: titles above, technical names below, or none at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

SEARCHED = 50
"""Rows looked at for a header."""
COMPARED = 300
"""Rows below it that it is compared with."""
_NUMBER = re.compile(r"[-+−]?\s*\d[\d\s\u00a0\u202f.,/:%€-]*")
_PERIOD = re.compile(r"\s*((18|19|20|21)\d\d([-/_ ](\d{1,4}))?([-/]\d{1,2})?(T[\d:.]+)?|\d{1,2}/(\d{1,2}/)?\d{2,4})\s*")
"""Years and dates: good headers above numbers."""
_TECHNICAL = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class HeaderChoice:
    """Ranks of rows: the header (None when there is none), those above it that are not data, and a second header if any."""

    header: int | None
    preamble: tuple[int, ...] = ()
    second: int | None = None

    @property
    def first_data(self) -> int:
        """Rank of the first row of data."""
        if self.second is not None:
            return self.second + 1
        return 0 if self.header is None else self.header + 1


def choose_header(rows: Sequence[Sequence[str]], width: int) -> HeaderChoice:
    """The header among the first rows of a table whose usual row has ``width`` cells."""
    start = _first_full_row(rows, width)
    above = tuple(range(start))
    following = [row for row in rows[start + 1 : start + 1 + COMPARED] if any(cell.strip() for cell in row)]
    if _is_data(rows[start], following):
        return HeaderChoice(None, above)
    second = (
        start + 1 if len(following) > 1 and _is_second_header(rows[start], rows[start + 1], following[1:]) else None
    )
    return HeaderChoice(start, above, second)


def _filled(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell.strip("\ufeff \t\u00a0"))


def _first_full_row(rows: Sequence[Sequence[str]], width: int) -> int:
    first = None
    for rank, row in enumerate(rows[:SEARCHED]):
        filled = _filled(row)
        if not filled:
            continue
        first = rank if first is None else first
        title = width > 1 and (filled <= max(1, width // 3) or (len(row) < width and filled <= width // 2))
        if not title:
            return rank
    return first or 0


def is_number(cell: str) -> bool:
    """True for what reads as a number, a date, a range: digits and the signs between them."""
    return bool(_NUMBER.fullmatch(cell.strip("\u00a0\u202f ")))


def _column(rows: Sequence[Sequence[str]], rank: int) -> list[str]:
    return [row[rank] for row in rows if rank < len(row) and row[rank].strip()]


def _is_numeric(values: Sequence[str]) -> bool:
    return bool(values) and sum(map(is_number, values)) >= 0.9 * len(values)


def _is_data(row: Sequence[str], following: Sequence[Sequence[str]]) -> bool:
    """True when the row looks like those below it rather than like their titles."""
    as_data = as_header = 0
    for rank, cell in enumerate(row):
        values = _column(following, rank)
        if not cell.strip() or not values:
            continue
        if _is_numeric(values):
            if _PERIOD.fullmatch(cell) and not all(map(_PERIOD.fullmatch, values)):
                continue
            as_data += is_number(cell)
            as_header += not is_number(cell)
        elif len(cell) > 2 and Counter(values)[cell] >= 2:
            as_data += 1
    return as_data > 0 and as_header == 0


def _is_second_header(header: Sequence[str], row: Sequence[str], following: Sequence[Sequence[str]]) -> bool:
    """True for a row of technical names under the labels: words without spaces, even above numbers, never met again."""
    names = [cell.strip() for cell in row]
    if len(names) < 2 or len(names) != len(header) or len(set(names)) != len(names):
        return False
    if not all(map(_TECHNICAL.fullmatch, names)):
        return False
    columns = [_column(following, rank) for rank in range(len(names))]
    numeric = sum(map(_is_numeric, columns))
    repeated = any(name in values for name, values in zip(names, columns, strict=True))
    return numeric > 0 and not repeated
