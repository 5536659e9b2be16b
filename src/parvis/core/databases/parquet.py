"""Rows written as they come to a Parquet file, whose types our importer takes for hints; GeoParquet when there is a geometry."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from parvis.core.databases.errors import DatabaseTooLarge
from parvis.core.databases.values import Column, column_of
from parvis.core.translation import Sentence

ROWS_OF_GROUP = 50_000
BYTES_OF_GROUP = 32_000_000


class ParquetRows:
    """A Parquet file that is being written; bounded in the bytes of what it holds, not of what it weighs once compressed."""

    def __init__(self, path: Path, columns: Sequence[Column], max_bytes: int) -> None:
        self._columns, self._most = columns, max_bytes
        fields = [pa.field(column.name, column.type) for column in columns]
        self._schema = pa.schema(fields, metadata=_geo(columns))
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._pending: list[pa.RecordBatch] = []
        self.rows = self.bytes = 0
        self.lost = [0] * len(columns)

    def write(self, rows: Sequence[Sequence[Any]]) -> int:
        """Rows more, in the order of the columns, and their weight; DatabaseTooLarge."""
        arrays = []
        for rank, column in enumerate(self._columns):
            array, lost = column_of([row[rank] for row in rows], column)
            self.lost[rank] += lost
            arrays.append(array)
        batch = pa.RecordBatch.from_arrays(arrays, schema=self._schema)
        self.rows += len(rows)
        self.bytes += batch.nbytes
        if self.bytes > self._most:
            raise DatabaseTooLarge(limit=Sentence("{size} Mo", {"size": self._most // 1_000_000}))
        self._pending.append(batch)
        if sum(part.num_rows for part in self._pending) >= ROWS_OF_GROUP or (
            sum(part.nbytes for part in self._pending) >= BYTES_OF_GROUP
        ):
            self._flush()
        return int(batch.nbytes)

    def close(self) -> None:
        """Write what waits, and the end of the file."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._pending:
            self._writer.write_table(pa.Table.from_batches(self._pending, self._schema))
            self._pending = []


def _geo(columns: Sequence[Column]) -> dict[bytes, bytes]:
    places = [column.name for column in columns if column.is_geometry]
    if not places:
        return {}
    about = {name: {"encoding": "WKB", "geometry_types": []} for name in places}
    return {b"geo": json.dumps({"version": "1.0.0", "primary_column": places[0], "columns": about}).encode()}
