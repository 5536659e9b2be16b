"""The stock of dataset objects as the store keeps it, so that a process that starts has it at once.

Ten thousand objects take ten seconds to make, and leave the memory of the process that makes them in crumbs: a worker makes them, web
processes read them, then make those that changed since.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.conf import settings

import parvis
from parvis.core.errors import NotFound
from parvis.hub.store import store
from parvis.web.api.explore.catalogue_stock import Entry, Rows, Stock

_ENTRIES = pa.schema(
    {
        "key": pa.int64(),
        "dataset_id": pa.string(),
        "packed": pa.binary(),
        "custom": pa.string(),
        "has_extent": pa.bool_(),
        "is_announced": pa.bool_(),
        "stamp": pa.int64(),
    }
)
logger = logging.getLogger("parvis.catalogue")
_MADE_BY, _REVISION, _KEYS = b"made_by", b"revision", b"keys"


def keep_stock(lang: str, stock: Stock, stamps: Mapping[int, int]) -> None:
    """Store the stock of a language, in the place of the one before; one that is empty is not worth it.

    ``stamps`` are those of its datasets, read before it was made.
    """
    if not stock.entries:
        return
    columns = zip(*(_row(key, entry, stamps.get(key, 0)) for key, entry in stock.entries.items()), strict=True)
    entries = pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, _ENTRIES, strict=True)], _ENTRIES
    )
    facts = {_MADE_BY: made_by(), _REVISION: str(stock.revision)}
    sink = pa.BufferOutputStream()
    for table in (entries.replace_schema_metadata(facts), _keyed(stock.rows), _keyed(stock.reserved)):
        with pa.ipc.new_stream(sink, table.schema) as stream:
            stream.write_table(table)
    store().put(_name(lang), sink.getvalue().to_pybytes())


def kept_stock(lang: str, stamps: Mapping[int, int]) -> Stock:
    """The stock that was kept of a language, without the datasets whose stamp is another now.

    Empty when there is none, or another release or other settings made it.
    """
    try:
        with _opened(lang) as (source, reader):
            if source is None or reader is None:
                return Stock()
            rows = (row for batch in reader for row in batch.to_pylist())
            entries = {row["key"]: _entry(row) for row in rows if stamps.get(row["key"]) == row["stamp"]}
            return Stock(_revision(reader), entries, _rows(source), _rows(source))
    except (pa.ArrowException, OSError, ValueError):  # a disk that fails: the objects are made again
        logger.warning("The kept objects of the catalogue cannot be read.", exc_info=True)
        return Stock()


def kept_revision(lang: str) -> int:
    """The revision of the catalogue whose stock was kept; 0 when there is none that is any good."""
    try:
        with _opened(lang) as (_source, reader):
            return 0 if reader is None else _revision(reader)
    except (pa.ArrowException, OSError, ValueError):
        return 0


@cache
def made_by() -> str:
    """What the objects depend on besides the rows of the database: the code of this release, and the settings."""
    root = Path(parvis.__file__).parent
    digest = hashlib.sha256(repr(sorted(settings.PARVIS.items())).encode())
    for path in sorted(root.rglob("*")):
        if path.suffix in (".py", ".mo", ".csv"):
            stat = path.stat()
            digest.update(f"{path.relative_to(root)} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


@contextmanager
def _opened(lang: str) -> Iterator[tuple[pa.PythonFile, pa.RecordBatchReader] | tuple[None, None]]:
    try:
        stream = store().open(_name(lang))
    except NotFound:
        yield None, None
        return
    with stream:
        source = pa.PythonFile(stream, "r")
        with pa.ipc.open_stream(source) as reader:
            is_good = (reader.schema.metadata or {}).get(_MADE_BY, b"").decode() == made_by()
            yield (source, reader) if is_good else (None, None)


def _revision(reader: pa.RecordBatchReader) -> int:
    return int(reader.schema.metadata[_REVISION])


def _name(lang: str) -> str:
    return f"catalogue/{lang}"


def _row(key: int, entry: Entry, stamp: int) -> tuple[Any, ...]:
    custom = json.dumps(entry.custom)
    return key, entry.dataset_id, entry.packed, custom, entry.has_extent, entry.is_announced, stamp


def _entry(row: dict[str, Any]) -> Entry:
    return Entry(row["dataset_id"], row["packed"], json.loads(row["custom"]), row["has_extent"], row["is_announced"])


def _keyed(rows: Rows) -> pa.Table:
    return rows.table.combine_chunks().replace_schema_metadata({_KEYS: json.dumps(list(rows.rank))})


def _rows(source: pa.PythonFile) -> Rows:
    with pa.ipc.open_stream(source) as reader:
        keys = json.loads(reader.schema.metadata[_KEYS])
        table = reader.read_all().replace_schema_metadata(None).combine_chunks()
    return Rows(table, {key: place for place, key in enumerate(keys)})
