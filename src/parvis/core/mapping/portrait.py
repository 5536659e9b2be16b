"""What is looked at to match columns: the headers of a file and some distinct values of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parvis.core.staging import ROWS, StagedTable, Workspace, quote_identifier

LOOKED = 20_000
"""Rows looked at, from the first."""
VALUES = 60
"""Distinct values kept for each column, those most often met."""
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Portrait:
    """Headers in order, and the most frequent distinct filled values of each column, as text."""

    headers: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]

    def of(self, header: str) -> tuple[str, ...]:
        """The values under that header; none when it is not there."""
        return self.values[self.headers.index(header)] if header in self.headers else ()


def portray(workspace: Workspace, staged: StagedTable) -> Portrait:
    """The portrait of a staged table; bounded whatever the size of the table."""
    values: list[Sequence[str]] = []
    for column in staged.columns:
        cell = f"left({quote_identifier(column.name)}::VARCHAR, {_LONGEST})"
        rows = workspace.connection.execute(
            f"SELECT v FROM (SELECT {cell} AS v FROM {ROWS} LIMIT {LOOKED}) WHERE trim(v) <> '' "
            f"GROUP BY v ORDER BY count(*) DESC, v LIMIT {VALUES}"
        ).fetchall()
        values.append([row[0] for row in rows])
    return Portrait(tuple(column.header for column in staged.columns), tuple(map(tuple, values)))
