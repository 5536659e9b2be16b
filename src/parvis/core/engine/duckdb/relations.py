"""How the rows of a source are written in DuckDB's SQL: from Parquet, with the engine's own columns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.engine.contract import ROW, SEARCH, UNSEARCHED, MemorySource, Source
from parvis.core.staging import quote_identifier
from parvis.core.versions.manifest import Part
from parvis.core.versions.relations import laid_over, rows_of

LONGEST_SEARCHED = 100_000
"""Characters of a cell, or of all the words of a row, that a search looks at.

A function over a text runs to its end before DuckDB looks whether it must stop, on two thousand rows at a time, and what it
makes is counted in no limit of memory: cells of megabytes would take minutes and gigabytes.
"""

LONGEST_COMPARED = 1_000
"""Characters by which texts are ordered."""

LONGEST_CHANGED = 20_000
"""Bytes of the longest text of which ``lower`` and ``upper`` make another one."""

TOO_LONG = "parvis: text too long"
"""What DuckDB says of a longer one."""

MACROS = (
    # Few rows hold a ligature: the others (bytes = characters once accents are gone) are left as they are.
    "CREATE MACRO parvis_ligatures(t) AS CASE WHEN strlen(t) = length(t) THEN t "
    "ELSE replace(replace(replace(t, 'œ', 'oe'), 'æ', 'ae'), 'ß', 'ss') END",
    "CREATE MACRO parvis_fold(t) AS parvis_ligatures(lower(strip_accents(t)))",
    f"CREATE MACRO parvis_searched(t) AS CASE WHEN strlen(t) > {LONGEST_SEARCHED} THEN left(t, {LONGEST_SEARCHED}) ELSE t END",
    r"CREATE MACRO parvis_words(t) AS "
    r"' ' || regexp_replace(parvis_fold(parvis_searched(t)), '[^\p{L}\p{N}]+', ' ', 'g') || ' '",
    f"CREATE MACRO parvis_sort_key(t) AS "
    f"parvis_fold(CASE WHEN strlen(t) > {LONGEST_COMPARED} THEN left(t, {LONGEST_COMPARED}) ELSE t END)",
    f"CREATE MACRO parvis_short(t) AS CASE WHEN strlen(t) > {LONGEST_CHANGED} THEN error('{TOO_LONG}') ELSE t END",
    "CREATE MACRO parvis_metres(a, b) AS 12742017.6 * asin(sqrt(pow(sin(radians(ST_Y(b) - ST_Y(a)) / 2), 2) + "
    "cos(radians(ST_Y(a))) * cos(radians(ST_Y(b))) * pow(sin(radians(ST_X(b) - ST_X(a)) / 2), 2)))",
    "CREATE MACRO parvis_gap(clock, zone) AS CAST(epoch(clock) - epoch(timezone(zone, clock)) AS BIGINT)",
    "CREATE MACRO parvis_offset(clock, zone) AS printf('%s%02d:%02d', CASE WHEN parvis_gap(clock, zone) < 0 THEN '-' "
    "ELSE '+' END, abs(parvis_gap(clock, zone)) // 3600, abs(parvis_gap(clock, zone)) % 3600 // 60)",
)
"""Functions every statement may use: a text folded as ``core.text.fold`` does, its words between single spaces, what it
is ordered by, the same text when short, metres between two points on the sphere (mean radius of the Earth, 6,371,008.8 m), and the offset of a zone at a clock reading."""

SEARCHED = (ColumnType.TEXT, ColumnType.INT, ColumnType.DATE)
"""Types whose words a full-text search looks at: what a reader would type."""


def rows_relation(source: Source, locate: Callable[[str], Path], loaded: str = "") -> str:
    """A SELECT giving every column of the version, ``ROW`` and ``SEARCH``.

    ``loaded`` is a SELECT of all that, of the version that other rows are laid over, when it is in memory.
    """
    searched = f"*, {search_words(source.shape)} AS {SEARCH}"
    if source.base is None:
        return f"SELECT {searched} FROM ({_stored(source, locate)})"
    laid = f"SELECT {searched} FROM ({_stored(source, locate)})" if source.manifest.parts else ""
    base = loaded or rows_relation(source.base, locate)
    return laid_over(base, laid, [locate(name) for name in source.gone])


def own_columns(source: Source, locate: Callable[[str], Path]) -> str:
    """A SELECT of the columns of the source alone."""
    if source.base is None:
        return rows_of(locate(source.place), source.shape, source.manifest.parts)
    laid = _stored(source, locate) if source.manifest.parts else ""
    whole = laid_over(_stored(source.base, locate), laid, [locate(name) for name in source.gone])
    return f"SELECT {', '.join(map(quote_identifier, source.shape.names))} FROM ({whole})"


def _stored(source: Source, locate: Callable[[str], Path]) -> str:
    return rows_of(locate(source.place), source.shape, source.manifest.parts, (ROW,))


def rows_slice(source: Source, folder: Path, part: Part, first: int, last: int) -> str:
    """The rows of ``part`` from ``first`` (0 at least) before ``last``, what is loaded at a time; ``SEARCH`` is to be filled."""
    stored = rows_of(folder, source.shape, (part,), (ROW,), (first, last))
    return f"SELECT *, CAST(NULL AS VARCHAR) AS {SEARCH} FROM ({stored})"


def memory_relation(view: str, source: MemorySource) -> str:
    """The same over the registered view of a table in memory, geometries as well-known binary."""
    columns = [_in_memory(column) for column in source.shape]
    made = source.table.column_names
    searched = TableShape(tuple(column for column in source.shape if not column.annotations.get(UNSEARCHED)))
    columns.append(ROW if ROW in made else f"row_number() OVER () AS {ROW}")
    columns.append(SEARCH if SEARCH in made else f"{search_words(searched)} AS {SEARCH}")
    return f"SELECT {', '.join(columns)} FROM {view}"


def _in_memory(column: Column) -> str:
    name = quote_identifier(column.name)
    return f"ST_GeomFromWKB({name}) AS {name}" if column.type.is_geographic else name


def search_words(shape: TableShape) -> str:
    """The expression of ``SEARCH``."""
    parts = [_readable(column) for column in shape if column.type in SEARCHED]
    return f"parvis_words(concat_ws(' ', {', '.join(parts)}))" if parts else "' '"


def _readable(column: Column) -> str:
    name = quote_identifier(column.name)
    if column.annotations.get("multivalued"):
        return f"array_to_string({name}, ' ')"
    return name
