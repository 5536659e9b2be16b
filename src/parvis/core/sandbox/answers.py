"""What is asked of the sandbox and what it gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest answer wanted: rows, bytes of its Arrow form, cells; an answer beyond is cut, never refused.

    Cells count apart: ten thousand columns of nothing weigh little here, and much wherever they are written.
    """

    rows: int = 1_000
    bytes: int = 64_000_000
    cells: int = 20_000_000


@dataclass(frozen=True, slots=True)
class AnswerColumn:
    """A column of an answer: its name, unique in the answer, and DuckDB's type."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of a statement, kept as an Arrow stream (in memory when short, else in a file without a name).

    Geometries are GeoJSON text; values that neither JSON nor Parquet knows (intervals, bits, maps…) are text.
    """

    columns: tuple[AnswerColumn, ...]
    rows: int
    """Rows kept."""
    total: int | None
    """All rows of the answer; None when they could not be counted in time."""
    at_least: int
    """Rows known to exist when ``total`` is None."""
    seconds: float
    """Time the child took, reading of the statement included."""
    stream: SpooledTemporaryFile[bytes]

    @property
    def is_cut(self) -> bool:
        """True when rows were left out."""
        return self.total != self.rows

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, from the first, checked since they come from a process that a stranger's statement ran in."""
        self.stream.seek(0)
        with pa.ipc.open_stream(pa.PythonFile(self.stream, mode="r")) as reader:
            for batch in reader:
                batch.validate(full=True)
                yield batch

    @property
    def schema(self) -> pa.Schema:
        """Names and Arrow types."""
        self.stream.seek(0)
        with pa.ipc.open_stream(pa.PythonFile(self.stream, mode="r")) as reader:
            return reader.schema

    def table(self) -> pa.Table:
        """All rows kept, whole."""
        return pa.Table.from_batches(self.batches(), self.schema)

    def close(self) -> None:
        """Free what holds the rows."""
        self.stream.close()
