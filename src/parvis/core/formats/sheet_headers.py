"""Headers on two rows of a spreadsheet: groups in merged cells above, and what they are made of below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from parvis.core.formats.headers import HeaderChoice

type Block = tuple[tuple[int, int], tuple[int, int]]
"""A merged range: row and column of its first and of its last cell, from 0; columns are those of the rows given."""


def headers_of(
    rows: Sequence[Sequence[str]], choice: HeaderChoice, merged: Sequence[Block]
) -> tuple[list[str], HeaderChoice]:
    """The header of each column, and the choice once a row of groups is known to belong to the header.

    Only cells merged across columns, yet not across the whole table, make groups.
    """
    width = len(rows[0])
    if choice.header is None:
        return [f"Colonne {rank}" for rank in range(1, width + 1)], choice
    header = choice.header
    if choice.second is None and _is_pair(rows, header, merged):
        return _joined(rows, header, merged), replace(choice, header=header + 1)
    if header - 1 in choice.preamble and _is_pair(rows, header - 1, merged):
        above = tuple(rank for rank in choice.preamble if rank != header - 1)
        return _joined(rows, header - 1, merged), replace(choice, preamble=above)
    return list(rows[header]), choice


def _is_pair(rows: Sequence[Sequence[str]], row: int, merged: Sequence[Block]) -> bool:
    """True when ``row`` holds groups over the labels of the next row: no other column is filled in both."""
    groups = _groups(merged, row, len(rows[0]))
    if not groups or row + 1 >= len(rows):
        return False
    grouped = {rank for first, last in groups for rank in range(first[1], last[1] + 1)}
    both = any(upper and lower for rank, (upper, lower) in enumerate(_pairs(rows, row)) if rank not in grouped)
    return not both and all(_is_label(lower) for rank, (_, lower) in enumerate(_pairs(rows, row)) if rank in grouped)


def _pairs(rows: Sequence[Sequence[str]], row: int) -> list[tuple[str, str]]:
    return list(zip(rows[row], rows[row + 1], strict=True))


def _is_label(cell: str) -> bool:
    """A word or a year, not a figure."""
    digits = cell.replace(".", "").replace("-", "")
    return bool(cell) and (not digits.isdigit() or len(cell) == 4)


def _groups(merged: Sequence[Block], row: int, width: int) -> list[Block]:
    return [
        block for block in merged if block[0][0] == row == block[1][0] and 0 < block[1][1] - block[0][1] < width - 1
    ]


def _joined(rows: Sequence[Sequence[str]], row: int, merged: Sequence[Block]) -> list[str]:
    """Group and label of each column."""
    upper = list(rows[row])
    for first, last in _groups(merged, row, len(upper)):
        for rank in range(first[1], min(last[1] + 1, len(upper))):
            upper[rank] = upper[first[1]]
    return [
        " ".join(part for part in (group, label) if part) for group, label in zip(upper, rows[row + 1], strict=True)
    ]
