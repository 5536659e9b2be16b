"""Records of version 1, a page of them or all: identifier, fields, geometry and the moment they came."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from parvis.core.engine.contract import DEFAULT_SECONDS, AnySource, Engine
from parvis.core.engine.plans import Rows
from parvis.core.explore import ExploreRequest, matching
from parvis.core.explore.query import bind, names_of
from parvis.core.explore_v1.identity import identity_output
from parvis.core.explore_v1.rows import v1_rows
from parvis.core.odsql.bound import Output, Query

_BATCH_ROWS = 2_048


@dataclass(frozen=True, slots=True)
class Identity:
    """What all records of a version share: the dataset's identifier, and when the version was made (ISO 8601)."""

    dataset_id: str
    timestamp: str


@dataclass(frozen=True, slots=True)
class V1Page:
    """All matching records counted, and those of one page."""

    total_count: int
    records: list[dict[str, Any]]


def page_of_records(
    engine: Engine,
    source: AnySource,
    request: ExploreRequest,
    rows: int,
    start: int,
    *,
    identity: Identity,
    seconds: float = DEFAULT_SECONDS,
) -> V1Page:
    """The page that starts after ``start`` records; errors of the request come before anything is computed."""
    query = _query(source, request, rows, start)
    records: list[dict[str, Any]] = []
    if rows:
        table = engine.table(source, Rows(query), seconds=seconds)
        records = list(_records(table, query.outputs, request.timezone, identity))
    if records and len(records) < rows:
        return V1Page(start + len(records), records)
    return V1Page(matching(engine, source, query.where, seconds=seconds), records)


def json_pieces(
    engine: Engine,
    source: AnySource,
    request: ExploreRequest,
    limit: int | None,
    start: int,
    *,
    identity: Identity,
    seconds: float = DEFAULT_SECONDS,
) -> Iterator[bytes]:
    """All records as one array of JSON, in constant memory; what is wrong is raised here, before the first byte."""
    query = _query(source, request, limit, start)
    batches = engine.stream(source, Rows(query), seconds=seconds, rows_per_batch=_BATCH_ROWS)
    first = next(batches, None)

    def pieces() -> Iterator[bytes]:
        try:
            yield b"["
            separator = ""
            batch = first
            while batch is not None:
                texts = [
                    json.dumps(record, ensure_ascii=False)
                    for record in _records(batch, query.outputs, request.timezone, identity)
                ]
                if texts:
                    yield (separator + ",\n".join(texts)).encode(errors="replace")
                    separator = ",\n"
                batch = next(batches, None)
            yield b"]"
        finally:
            batches.close()

    return pieces()


def _query(source: AnySource, request: ExploreRequest, limit: int | None, start: int) -> Query:
    """The question of a request, each row with its identifier last."""
    query = bind(names_of(source), request, limit, start)
    return replace(query, outputs=(*query.outputs, identity_output(source.shape)))


def _records(
    batch: pa.RecordBatch | pa.Table, outputs: tuple[Output, ...], timezone: str, identity: Identity
) -> Iterator[dict[str, Any]]:
    ids = batch.column(len(outputs) - 1).to_pylist()
    for row, record_id in zip(v1_rows(batch, outputs[:-1], timezone), ids, strict=True):
        record = {"datasetid": identity.dataset_id, "recordid": record_id, "fields": row.fields}
        if row.geometry is not None:
            record["geometry"] = row.geometry
        yield {**record, "record_timestamp": identity.timestamp}
