"""Parquet, with the metadata of GeoParquet when there is a geometry."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from parvis.core.explore.geometries import is_geographic
from parvis.core.explore.writers.rows import Answer


def write_parquet(answer: Answer) -> Iterator[bytes]:
    """One row group a batch, so that memory stays that of a batch; geometries are WKB in WGS 84."""
    sink = _Drained()
    writer = None
    for batch in answer.batches:
        if writer is None:
            schema = _schema(answer, batch.schema)
            writer = pq.ParquetWriter(sink, schema, compression=answer.request.parquet_compression)
        writer.write_batch(pa.RecordBatch.from_arrays([_storage(c) for c in batch.columns], schema=schema))
        if piece := sink.drain():
            yield piece
    if writer is None:
        raise AssertionError("an answer has at least one batch, empty if need be")
    writer.close()
    yield sink.drain()


def _schema(answer: Answer, schema: pa.Schema) -> pa.Schema:
    fields = [pa.field(title, _type(field.type)) for title, field in zip(answer.titles, schema, strict=True)]
    geographic = {
        title: {"encoding": "WKB", "geometry_types": []}
        for title, output in zip(answer.titles, answer.outputs, strict=True)
        if is_geographic(output)
    }
    rank = answer.drawn
    if rank is None:
        return pa.schema(fields)
    geo = {"version": "1.1.0", "primary_column": answer.titles[rank], "columns": geographic}
    return pa.schema(fields, metadata={"geo": json.dumps(geo, ensure_ascii=False)})


def _type(kind: pa.DataType) -> pa.DataType:
    return kind.storage_type if isinstance(kind, pa.BaseExtensionType) else kind


def _storage(array: pa.Array) -> pa.Array:
    return array.storage if isinstance(array.type, pa.BaseExtensionType) else array


class _Drained(io.RawIOBase):
    """A file that is only appended to, and gives up what was written."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self._written = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(memoryview(data))  # type: ignore[arg-type]
        self._pieces.append(piece)
        self._written += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._written

    def drain(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
