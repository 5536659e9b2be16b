"""The engine of the tests: the same plans over the same files, row by row in Python, as if nothing knew DuckDB.

It proves that plans say all that an answer needs. It is slow, and small tables alone are for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.engine import plans
from parvis.core.engine.contract import (
    BATCH_ROWS,
    DEFAULT_SECONDS,
    ROW,
    SEARCH,
    UNSEARCHED,
    AnySource,
    Batches,
    MemorySource,
    Source,
)
from parvis.core.engine.tests.plain import queries, tables
from parvis.core.engine.tests.plain.values import BeyondPlainPython, words_of

ANSWERS: dict[type, Callable[[Any, Any], pa.Table]] = {
    plans.Rows: queries.answer,
    plans.MarkedRows: queries.marked_rows,
    plans.CountedGroups: queries.counted_groups,
    plans.GroupCount: queries.group_count,
    plans.Count: queries.count,
    plans.SearchedWords: queries.searched_words,
    plans.FacetCounts: tables.facet_counts,
    plans.FormulaCells: tables.formula_cells,
    plans.Series: tables.series,
    plans.Quantiles: tables.quantiles,
    plans.SortedNumbers: tables.sorted_numbers,
    plans.BoundingBox: tables.bounding_box,
    plans.GeometryTypes: tables.geometry_types,
    plans.Gatherings: tables.gatherings,
    plans.DistinctShapes: tables.distinct_shapes,
    plans.Squares: tables.squares,
    plans.PointGrid: tables.point_grid,
    plans.CellCounts: tables.cell_counts,
}


class PlainEngine:
    """Answers plans over versions whose folder ``locate`` tells, and over tables in memory."""

    def __init__(self, locate: Callable[[str], Path] = Path) -> None:
        self._locate = locate

    def table(self, source: AnySource, plan: plans.Plan, *, seconds: float = DEFAULT_SECONDS) -> pa.Table:
        """A short answer, whole; BeyondPlainPython for a plan that it has no way to answer."""
        answer = ANSWERS.get(type(plan))
        if answer is None:
            raise BeyondPlainPython(type(plan).__name__)
        return answer(self._rows(source), plan)

    def value(self, source: AnySource, plan: plans.Plan, *, seconds: float = DEFAULT_SECONDS) -> Any:
        """The single cell of a one-row answer."""
        return self.table(source, plan).column(0)[0].as_py()

    def stream(
        self,
        source: AnySource,
        plan: plans.Plan,
        *,
        seconds: float = DEFAULT_SECONDS,
        rows_per_batch: int = BATCH_ROWS,
    ) -> Batches:
        """The answer as batches."""
        return _Batches(self.table(source, plan), rows_per_batch)

    def warm(self, source: Source) -> bool:
        """Nothing is held."""
        return False

    def warm_later(self, source: Source) -> None:
        """Nothing is held."""

    def forget(self, source: Source) -> None:
        """Nothing is held."""

    def close(self) -> None:
        """Nothing is held."""

    def _rows(self, source: AnySource) -> list[dict[str, Any]]:
        if isinstance(source, MemorySource):
            return _rows_of(source.table, source.shape)
        folder = self._locate(source.key)
        files = tuple(str(folder / part.file) for part in source.manifest.parts)
        return _read(files, _Hashed(source.shape))


class _Batches:
    def __init__(self, table: pa.Table, rows: int) -> None:
        self.schema = table.schema
        self._batches: Iterator[pa.RecordBatch] = iter(table.to_batches(max_chunksize=rows))

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        return self

    def __next__(self) -> pa.RecordBatch:
        return next(self._batches)

    def close(self) -> None:
        """Nothing is left of the answer."""
        self._batches = iter(())


class _Hashed:
    """Columns as the key of a cache."""

    def __init__(self, shape: TableShape) -> None:
        self.shape = shape

    def __hash__(self) -> int:
        return hash(self.shape.names)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hashed) and repr(other.shape) == repr(self.shape)


@lru_cache(maxsize=64)
def _read(files: tuple[str, ...], columns: _Hashed) -> list[dict[str, Any]]:
    names = [*columns.shape.names, ROW]
    parts = [pq.ParquetFile(file).read(columns=names) for file in files]
    return [row for part in parts for row in _rows_of(part, columns.shape)]


def _rows_of(table: pa.Table, shape: TableShape) -> list[dict[str, Any]]:
    columns = {column.name: _cells(table.column(column.name), column) for column in shape}
    ranks = table.column(ROW).to_pylist() if ROW in table.column_names else range(1, table.num_rows + 1)
    rows = []
    for place, rank in enumerate(ranks):
        cells = {name: values[place] for name, values in columns.items()}
        rows.append({**cells, ROW: rank, SEARCH: _searched(cells, shape)})
    return rows


def _cells(array: pa.ChunkedArray, column: Column) -> list[Any]:
    values = array.to_pylist()
    if column.type.is_geographic:
        return [None if value is None else shapely.from_wkb(value) for value in values]
    if column.type is ColumnType.DATETIME:
        return [value if value is None or value.tzinfo is None else value.astimezone(UTC) for value in values]
    if column.type is ColumnType.DATE:
        return [value.date() if isinstance(value, datetime) else value for value in values]
    return values


_SEARCHED = (ColumnType.TEXT, ColumnType.INT, ColumnType.DATE)


def _searched(cells: dict[str, Any], shape: TableShape) -> str:
    """All readable words of a row."""
    words = []
    columns = [column for column in shape if column.type in _SEARCHED and not column.annotations.get(UNSEARCHED)]
    for column in columns:
        value = cells[column.name]
        if isinstance(value, list):
            words.append(" ".join(text for text in value if text is not None))
        elif value is not None:
            words.append(value.isoformat() if isinstance(value, date) else str(value))
    return words_of(" ".join(words)) if columns else " "
