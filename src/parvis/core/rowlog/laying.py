"""Rows of the log laid over a version: Parquet files beside it, so that whoever reads the version sees them too.

Each run of batches makes one file of the rows that it puts, the last of each key, and one of the ranks that are no more: those of the
rows that it replaces or takes away, of the version or of a former run. Files never change; runs that become many are written again as
one. Nothing is there that the log and the version cannot make again.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.connections import opened, parquet_rows, path_literal
from parvis.core.rowlog.batches import ROWS, Batch
from parvis.core.rowlog.cells import reader_of
from parvis.core.rowlog.judging import CHANGED
from parvis.core.rowlog.received import DELETE, MERGE, OPERATION, PUT
from parvis.core.staging import quote_identifier
from parvis.core.versions.folders import failures_told
from parvis.core.versions.manifest import Manifest, Part
from parvis.core.versions.relations import GONE, laid_over, relation_of, rows_of
from parvis.core.versions.statistics import read_extent

if TYPE_CHECKING:
    import duckdb

MOST_RUNS = 12
"""Beyond, the small ones are written again as one."""
SMALL_RUN = 50_000
"""Rows under which a run is small."""
_PARQUET = "(FORMAT parquet, COMPRESSION zstd, GEOPARQUET_VERSION 'BOTH')"
_MEMORY = "256MB"


@dataclass(frozen=True, slots=True)
class Laid:
    """What lies over a version once the batches up to ``through`` are laid."""

    through: int = 0
    parts: tuple[Part, ...] = ()
    gone: tuple[str, ...] = ()
    """Files of ranks."""
    removed: int = 0
    """How many ranks they hold."""
    bbox: tuple[float, float, float, float] | None = None
    geometry_types: tuple[str, ...] = ()
    next: int = 0
    """The rank of the next row, above all others; 0 before the first. Tiles bear ranks of 31 bits, so none is skipped."""

    @property
    def rows(self) -> int:
        """How many rows it adds to those of the version: less than none when it takes some away."""
        return self.put - self.removed

    @property
    def put(self) -> int:
        """How many rows its files hold."""
        return sum(part.rows for part in self.parts)

    @property
    def waiting(self) -> int:
        """How many rows it changes: a row that is replaced is put and removed."""
        return max(self.put, self.removed)

    def to_dict(self) -> dict[str, Any]:
        """JSON-able form."""
        return {
            "through": self.through,
            "parts": [[part.file, part.rows, part.bytes] for part in self.parts],
            "gone": list(self.gone),
            "removed": self.removed,
            "bbox": list(self.bbox) if self.bbox else None,
            "geometry_types": list(self.geometry_types),
            "next": self.next,
        }

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Laid:
        """What ``to_dict`` wrote."""
        west, south, east, north = row.get("bbox") or (0.0,) * 4
        return cls(
            int(row.get("through", 0)),
            tuple(Part(str(file), int(rows), int(size), "") for file, rows, size in row.get("parts", ())),
            tuple(map(str, row.get("gone", ()))),
            int(row.get("removed", 0)),
            (west, south, east, north) if row.get("bbox") else None,
            tuple(map(str, row.get("geometry_types", ()))),
            int(row.get("next", 0)),
        )


@dataclass(frozen=True, slots=True)
class LaidRows:
    """What lies over a version at one moment: ``mark`` names the moment, ``folder`` that of the files in the store."""

    laid: Laid
    folder: str
    mark: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What rows are laid over: the folder and the manifest of a version, the key that tells its rows apart, and the folder of the runs."""

    folder: Path
    manifest: Manifest
    key: tuple[str, ...]
    runs: Path

    @property
    def shape(self) -> TableShape:
        """The columns."""
        return self.manifest.shape


def lay(ground: Ground, before: Laid, batches: Iterable[Batch], work: Path) -> tuple[Laid, list[Path]]:
    """What lies there once more batches are laid, and the files to put into the folder of runs beforehand, written in ``work``.

    WriteFailed when the disk or the memory do not suffice.
    """
    with failures_told():
        return _laid(ground, before, list(batches), work)


def _laid(ground: Ground, before: Laid, batches: Sequence[Batch], work: Path) -> tuple[Laid, list[Path]]:
    if not batches:
        return before, []
    before = replace(before, through=batches[-1].head.number)
    filled = [batch for batch in batches if batch.head.kind == ROWS and batch.head.put + batch.head.deleted]
    if not filled:
        return before, []
    with _connected(spatial=_is_geographic(ground.shape)) as connection:
        first = before.next or _last_rank(connection, ground) + 1
        pushed = _ranked(filled, ground.shape, first)
        connection.register("pushed", pushed)
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE latest AS {_latest(ground, merges=CHANGED in pushed.column_names)}"
        )
        after, files = replace(before, next=first + pushed.num_rows), list[Path]()
        if CHANGED in pushed.column_names:
            _merge_into_former(connection, ground, after)
        if ground.key:
            after, files = _without_former(connection, ground, after, work)
        after, more = _with_new(connection, ground, after, work)
    files += more
    if len(after.parts) > MOST_RUNS:
        after, files = _merged(ground, after, files, work)
    return after, files


class KeptConnection:
    """The connection of a thread that lays again and again: to open one with its spatial extension takes longer than to lay."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._connection: duckdb.DuckDBPyConnection | None = None

    @contextmanager
    def used(self) -> Iterator[None]:
        """Have ``lay``, within, called by this thread, work on this connection; after an error it is closed."""
        _own.connection = self
        try:
            yield
        except BaseException:
            self.close()
            raise
        finally:
            _own.connection = None

    def opened(self) -> duckdb.DuckDBPyConnection:
        """The connection, made when there is none."""
        if self._connection is None:
            self._connection = self._stack.enter_context(opened(_MEMORY))
        return self._connection

    def close(self) -> None:
        """Give back what it takes of memory; the next use opens another."""
        self._connection = None
        self._stack.close()


_own = threading.local()


@contextmanager
def _connected(*, spatial: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    """The connection that this thread keeps, empty again at the end; else one of the moment."""
    own: KeptConnection | None = getattr(_own, "connection", None)
    if own is None:
        with opened(_MEMORY, spatial=spatial) as connection:
            yield connection
        return
    connection = own.opened()
    yield connection
    for name in ("latest", "merged"):
        connection.execute(f"DROP TABLE IF EXISTS {name}")
    connection.unregister("pushed")


@dataclass(frozen=True, slots=True)
class Keeping:
    """Which rows a version keeps: so many of them, the last ones; those of a moment or after, by a column of dates."""

    most: int | None = None
    column: str = ""
    since: datetime | None = None


def write_whole(ground: Ground, laid: Laid, path: Path, keeping: Keeping = Keeping()) -> int:
    """Write all rows to keep, those laid among them, to a Parquet file of the columns alone, in the order of the version, then of the
    log; how many."""
    with opened("512MB", spatial=_is_geographic(ground.shape)) as connection:
        columns = ", ".join(_exported(column) for column in ground.shape)
        rows = f"SELECT * FROM ({_relation(ground, laid, ground.shape.names)})"
        parameters: list[Any] = []
        if keeping.column and keeping.since is not None:
            rows += f" WHERE coalesce({quote_identifier(keeping.column)} >= ?, true)"
            parameters.append(keeping.since)
        if keeping.most is not None:
            rows = f"SELECT * FROM ({rows}) ORDER BY __row DESC LIMIT {keeping.most:d}"
        connection.execute(f"CREATE TEMP TABLE kept AS SELECT * FROM ({rows}) ORDER BY __row", parameters)
        connection.execute(
            f"COPY (SELECT {columns} FROM kept) TO {path_literal(path)} (FORMAT parquet, COMPRESSION zstd)"
        )
        return _count(connection, "SELECT count(*) FROM kept")


def _exported(column: Column) -> str:
    name = quote_identifier(column.name)
    if column.type is ColumnType.GEO_POINT:
        return f"CASE WHEN {name} IS NOT NULL THEN ST_Y({name}) || ',' || ST_X({name}) END AS {name}"
    if column.type is ColumnType.GEO_SHAPE:
        return f"ST_AsGeoJSON({name})::VARCHAR AS {name}"
    return name


def _ranked(batches: Sequence[Batch], shape: TableShape, first: int) -> pa.Table:
    """The rows of batches with their ranks, of the columns of the version: those they have not are empty."""
    tables = []
    read = [batch.table() for batch in batches]
    has_changes = any(CHANGED in table.column_names for table in read)
    for table in read:
        for column in shape:
            if column.name not in table.column_names:  # of a version that came since
                table = table.append_column(column.name, pa.nulls(table.num_rows, reader_of(column)[1]))
        if has_changes and CHANGED not in table.column_names:
            table = table.append_column(CHANGED, pa.nulls(table.num_rows, pa.list_(pa.string())))
        tables.append(table.select([OPERATION, *shape.names, *([CHANGED] if has_changes else [])]))
    pushed = pa.concat_tables(tables)
    return pushed.append_column("__row", pa.array(range(first, first + pushed.num_rows), pa.int64()))


def _last_rank(connection: duckdb.DuckDBPyConnection, ground: Ground) -> int:
    return _count(connection, f"SELECT coalesce(max(__row), 0) FROM {relation_of(ground.folder, ground.manifest)}")


def _latest(ground: Ground, *, merges: bool) -> str:
    there = {OPERATION: OPERATION, "__row": "__row"}
    cells = [f"{_typed(column)} AS {quote_identifier(column.name)}" for column in ground.shape]
    columns = ", ".join([*there, *cells])
    if not ground.key:
        return f"SELECT {columns} FROM pushed"
    key = ", ".join(map(quote_identifier, ground.key))
    if merges:
        return _merged_among_themselves(ground, key)
    return f"SELECT {columns} FROM pushed QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY __row DESC) = 1"


def _merged_among_themselves(ground: Ground, key: str) -> str:
    """One row of each key: the last one that is whole, or its taking away, and what those to merge that follow it tell.

    ``former`` says whether the others of its columns are those of the row that is there; ``_columns`` then has those that are told.
    """
    cells = []
    for column in ground.shape:
        name = quote_identifier(column.name)
        if column.name in ground.key:
            cells.append(name)
        else:
            # Packed: arg_max passes over what is null.
            is_told = f"__is_whole OR list_contains({CHANGED}, {_text(column.name)})"
            last = f"arg_max(struct_pack(v := {name}), __row) FILTER ({is_told})"
            cells.append(f"{_typed(column, f'({last}).v')} AS {name}")
    return (
        f"SELECT CASE WHEN arg_max({OPERATION}, __row) = '{DELETE}' THEN '{DELETE}' ELSE '{PUT}' END AS {OPERATION}, "
        f"max(__row) AS __row, {', '.join(cells)}, "
        f"any_value(__from) IS NULL AS former, list_distinct(flatten(list({CHANGED}))) AS {CHANGED} "
        f"FROM (SELECT *, {OPERATION} = '{PUT}' AS __is_whole, "
        f"max(__row) FILTER ({OPERATION} <> '{MERGE}') OVER (PARTITION BY {key}) AS __from FROM pushed) "
        f"WHERE __row >= coalesce(__from, 0) GROUP BY {key}"
    )


def _merge_into_former(connection: duckdb.DuckDBPyConnection, ground: Ground, laid: Laid) -> None:
    """Give the rows of ``latest`` that are to be merged the cells that they do not tell of the rows that are there."""
    if not _count(connection, "SELECT count(*) FROM latest WHERE former"):
        return
    same = _same_key(ground)
    there = _relation(ground, laid, ground.key)
    ranks = connection.execute(
        f"SELECT max(there.__row) FROM ({there}) there JOIN latest ON {same} WHERE latest.former GROUP BY latest.__row"
    ).fetchall()
    if not ranks:
        return
    # By their ranks, of which the others are passed over before any other column is read.
    few = ", ".join(str(row[0]) for row in ranks)
    whole = f"SELECT * FROM ({_relation(ground, laid, ground.shape.names)}) WHERE __row IN ({few})"
    others = [name for name in ground.shape.names if name not in ground.key]
    cells = ", ".join(
        f"{quote_identifier(name)} = CASE WHEN list_contains(latest.{CHANGED}, {_text(name)}) "
        f"THEN latest.{quote_identifier(name)} ELSE there.{quote_identifier(name)} END"
        for name in others
    )
    if cells:
        connection.execute(f"UPDATE latest SET {cells} FROM ({whole}) there WHERE latest.former AND {same}")


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _same_key(ground: Ground) -> str:
    return " AND ".join(f"there.{name} = latest.{name}" for name in map(quote_identifier, ground.key))


def _typed(column: Column, cell: str = "") -> str:
    name = cell or quote_identifier(column.name)
    if column.type is ColumnType.GEO_POINT:
        return f"ST_GeomFromWKB({name})"
    if column.type is ColumnType.GEO_SHAPE:
        return f"ST_GeomFromGeoJSON({name})"
    return name


def _without_former(
    connection: duckdb.DuckDBPyConnection, ground: Ground, laid: Laid, work: Path
) -> tuple[Laid, list[Path]]:
    """The same less the rows that have one of the pushed keys."""
    same = _same_key(ground)
    path = work / _new_name("gone")
    # What is gone already is left out of the few that match: left out of all, it would cost more than to find these.
    there = _relation(ground, replace(laid, gone=()), ground.key)
    former = f"SELECT DISTINCT there.__row AS {GONE} FROM ({there}) there JOIN latest ON {same}"
    if laid.gone:
        former += (
            f" WHERE there.__row NOT IN (SELECT {GONE} FROM {parquet_rows(ground.runs / name for name in laid.gone)})"
        )
    connection.execute(f"COPY ({former}) TO {path_literal(path)} (FORMAT parquet)")
    count = _count(connection, f"SELECT count(*) FROM {parquet_rows([path])}")
    if not count:
        return laid, []
    return replace(laid, gone=(*laid.gone, path.name), removed=laid.removed + count), [path]


def _with_new(connection: duckdb.DuckDBPyConnection, ground: Ground, laid: Laid, work: Path) -> tuple[Laid, list[Path]]:
    """The same with the rows that are put."""
    rows = _count(connection, f"SELECT count(*) FROM latest WHERE {OPERATION} = '{PUT}'")
    if not rows:
        return laid, []
    path = work / _new_name("run")
    columns = ", ".join(["__row", "CAST(NULL AS BIGINT) AS __line", *map(quote_identifier, ground.shape.names)])
    connection.execute(
        f"COPY (SELECT {columns} FROM latest WHERE {OPERATION} = '{PUT}' ORDER BY __row) TO {path_literal(path)} {_PARQUET}"
    )
    extent = read_extent(path, ground.shape.geometry)
    part = Part(path.name, rows, path.stat().st_size, "")
    box = around(laid.bbox, extent.bbox)
    types = tuple(sorted({*laid.geometry_types, *extent.geometry_types}))
    return replace(laid, parts=(*laid.parts, part), bbox=box, geometry_types=types), [path]


def _merged(ground: Ground, laid: Laid, files: list[Path], work: Path) -> tuple[Laid, list[Path]]:
    """The same with its small runs as one, and all ranks of the others in one file."""
    small = [part for part in laid.parts if part.rows < SMALL_RUN]
    if len(small) < 2:
        return laid, files
    written = {path.name: path for path in files}

    def located(name: str) -> Path:
        return written.get(name) or ground.runs / name

    run, ranks = work / _new_name("run"), work / _new_name("gone")
    with opened(_MEMORY, spatial=_is_geographic(ground.shape)) as connection:
        gone = parquet_rows(map(located, laid.gone)) if laid.gone else f"(SELECT 0::BIGINT AS {GONE} WHERE false)"
        names = ", ".join(map(quote_identifier, ("__row", "__line", *ground.shape.names)))
        merged = " UNION ALL ".join(f"SELECT {names} FROM {parquet_rows([located(part.file)])}" for part in small)
        connection.execute(f"CREATE TEMP TABLE merged AS {merged}")
        connection.execute(
            f"COPY (SELECT * FROM merged WHERE __row NOT IN (SELECT {GONE} FROM {gone}) ORDER BY __row) "
            f"TO {path_literal(run)} {_PARQUET}"
        )
        connection.execute(
            f"COPY (SELECT {GONE} FROM {gone} WHERE {GONE} NOT IN (SELECT __row FROM merged)) "
            f"TO {path_literal(ranks)} (FORMAT parquet)"
        )
        rows = _count(connection, f"SELECT count(*) FROM {parquet_rows([run])}")
        removed = _count(connection, f"SELECT count(*) FROM {parquet_rows([ranks])}")
    part = Part(run.name, rows, run.stat().st_size, "")
    large = tuple(part for part in laid.parts if part not in small)
    parts = (*large, part) if rows else large
    gone_files = (ranks.name,) if removed else ()
    still = {*(one.file for one in parts), *gone_files}
    after = replace(laid, parts=parts, gone=gone_files, removed=removed)
    return after, [path for path in (*files, run, ranks) if path.name in still]


def _relation(ground: Ground, laid: Laid, names: Sequence[str]) -> str:
    """A SELECT of some columns and of the rank of all rows."""
    shape = TableShape(tuple(column for column in ground.shape if column.name in names))
    base = rows_of(ground.folder, shape, ground.manifest.parts, ("__row",))
    over = rows_of(ground.runs, shape, laid.parts, ("__row",)) if laid.parts else ""
    return laid_over(base, over, [ground.runs / name for name in laid.gone])


def _count(connection: duckdb.DuckDBPyConnection, statement: str) -> int:
    row = connection.execute(statement).fetchone()
    return int(row[0]) if row else 0


def _is_geographic(shape: TableShape) -> bool:
    return any(column.type.is_geographic for column in shape)


def around(
    box: tuple[float, float, float, float] | None, other: tuple[float, float, float, float] | None
) -> tuple[float, float, float, float] | None:
    """The box of both; None when there is neither."""
    if box is None or other is None:
        return box or other
    return (min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3]))


def _new_name(kind: str) -> str:
    """Names are never used again: a file replaced under the same name was read wrong."""
    return f"{kind}-{secrets.token_hex(8)}.parquet"
