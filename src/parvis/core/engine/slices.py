"""Some consecutive rows of one file of a version, as DuckDB's SQL: what is loaded at a time."""

from __future__ import annotations

from parvis.core.columns import Column
from parvis.core.engine.contract import ROW, SEARCH, Source
from parvis.core.engine.relations import search_words
from parvis.core.staging import quote_identifier
from parvis.core.versions.manifest import Part


def rows_slice(source: Source, part: Part, first: int, last: int) -> str:
    """A SELECT giving what ``relations.rows_relation`` does, for the rows of ``part`` from ``first`` (0 at least) before ``last``."""
    columns = ", ".join([*(_stored(column) for column in source.shape), ROW])
    path = "'" + str(source.folder / part.file).replace("'", "''") + "'"
    stored = (
        f"SELECT {columns} FROM read_parquet({path}, file_row_number = true) "
        f"WHERE file_row_number >= {first:d} AND file_row_number < {last:d}"
    )
    return f"SELECT *, {search_words(source.shape)} AS {SEARCH} FROM ({stored})"


def _stored(column: Column) -> str:
    name = quote_identifier(column.name)
    return f"CAST({name} AS GEOMETRY) AS {name}" if column.type.is_geographic else name
