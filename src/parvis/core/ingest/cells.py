"""The rows of a file as text, to be typed into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from parvis.core.formats.file_reader import read
from parvis.core.formats.options import ReadOptions
from parvis.core.staging import ROWS, open_workspace, quote_identifier
from parvis.core.transforms import Step, apply_steps
from parvis.core.transforms.model import NO_TABLES, SideTable


@dataclass(frozen=True, slots=True)
class TextTable:
    """Headers and rows of text; ``is_text`` is False, and there are no rows, when a column is no text (shapes on a map)."""

    headers: list[str]
    rows: list[list[str]]
    is_text: bool = True


def read_cells(
    path: Path,
    *,
    name: str,
    work: Path,
    options: ReadOptions,
    steps: Sequence[Step],
    secret: bytes,
    memory: str,
    limit: int,
    tables: Mapping[str, SideTable] = NO_TABLES,
) -> TextTable:
    """The first ``limit`` rows of a file as its steps leave them, before anything is typed as a number or a date."""
    with open_workspace(work, memory=memory) as workspace:
        staged, _detected = read(path, workspace, options, name=name)
        staged, _outcomes = apply_steps(workspace, staged, steps, secret=secret, tables=tables)
        headers = [column.header for column in staged.columns]
        kinds = workspace.connection.execute(f"SELECT column_type FROM (DESCRIBE {ROWS})").fetchall()
        if any(kind != "VARCHAR" for (kind,) in kinds[1:]):
            return TextTable(headers, [], is_text=False)
        names = ", ".join(quote_identifier(column.name) for column in staged.columns)
        rows = workspace.connection.execute(f"SELECT {names} FROM {ROWS} LIMIT {limit}").fetchall()
    return TextTable(headers, [[cell or "" for cell in row] for row in rows])
