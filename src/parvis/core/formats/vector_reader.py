"""Geographic files through GDAL: Shapefile, GeoPackage, FlatGeobuf, KML, GPX, MapInfo, and dBASE tables."""

from __future__ import annotations

import codecs
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from parvis.core import gdal
from parvis.core.columns import ColumnType
from parvis.core.formats.archives import refuse_entities
from parvis.core.formats.canonical import canonical_sql, hint_of
from parvis.core.formats.encodings import repaired_text
from parvis.core.formats.geometry import HEADER, locate
from parvis.core.formats.geopackage_check import check_geopackage
from parvis.core.formats.job import Job, Outcome
from parvis.core.formats.refusals import BrokenFile, LinkedTable, NoSuchPart, NoTable
from parvis.core.formats.sink import check_width, clear_rows, staged_name
from parvis.core.formats.table_beside import with_table_beside
from parvis.core.staging import ROWS, Note, StagedColumn, StagedTable, quote_identifier

DRIVERS = {
    "geopackage": gdal.GEOPACKAGE,
    "flatgeobuf": gdal.FLATGEOBUF,
    "shapefile": gdal.SHAPEFILE,
    "mapinfo-mif": gdal.MAPINFO,
    "mapinfo-tab": gdal.MAPINFO,
    "dbf": gdal.SHAPEFILE,
    "kml": gdal.KML,
    "gpx": gdal.GPX,
}
SUFFIXES = {
    "geopackage": ".gpkg",
    "flatgeobuf": ".fgb",
    "shapefile": ".shp",
    "mapinfo-mif": ".mif",
    "mapinfo-tab": ".tab",
    "dbf": ".dbf",
    "kml": ".kml",
    "gpx": ".gpx",
}
"""GDAL wants the usual suffix; what a file is was settled by its content."""
XML = {"kml", "gpx"}
_UTF8 = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|\xc2[\xa0-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = bytes(range(0x80, 0x100))
MOST_MEASURED = 100
"""Layers of which one knows whether they are empty."""
_LONGEST_TAB = 1024 * 1024
_TAB_LINKS = re.compile(rb"isseamless|create\s+view|open\s+table", re.IGNORECASE)
KML_FURNITURE = {"begin", "end", "altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon", "snippet"}
"""Columns GDAL adds to every KML; left out when all are empty or alike."""


def read_vector(job: Job) -> Outcome:
    """Stage one layer: its attributes as canonical text, its geometry in WGS 84 as the last column.

    A MapInfo map takes the columns of the dBASE table that bears its name beside it.
    """
    outcome = _read(job)
    beside = job.path.with_suffix(".dbf")
    if job.format == "mapinfo-mif" and beside.is_file():
        return with_table_beside(job, outcome, beside, _read)
    return outcome


def _read(job: Job) -> Outcome:
    pyogrio = gdal.pyogrio()
    if job.format in XML:
        with job.path.open("rb") as stream:
            refuse_entities(stream, job.name)
    path = job.suffixed(SUFFIXES[job.format])
    if job.format == "geopackage":
        check_geopackage(path, job.name)
    gdal.check_driver(path, DRIVERS[job.format], job.name)
    if job.format == "mapinfo-tab":
        _refuse_links(path, job.name)
    encoding = _dbf_encoding(job, path)
    try:
        with _quiet():
            layer, layers = _layer(job, pyogrio.list_layers(path), path, pyogrio)
            options = {"layer": layer, "use_pyarrow": True, "encoding": encoding, "batch_size": 10_000}
            with pyogrio.open_arrow(path, **options) as (meta, stream):
                table, crs = _stage(job, meta, stream)
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pa.ArrowException,
        OSError,
        RuntimeError,
        NameError,  # pyogrio forgets a variable when a geometry type is unknown
        ValueError,
        OverflowError,
        MemoryError,
    ) as error:
        raise BrokenFile(file=job.name, format=DRIVERS[job.format], reason=_plain(error, path, job.name)) from error
    reading = {"crs": crs, "sheet": layer, "sheets": layers}
    if encoding:
        reading["encoding"] = encoding
    notes = (
        (Note("other-sheets", {"read": layer, "others": [n for n in layers if n != layer]}),) if len(layers) > 1 else ()
    )
    return StagedTable(table.columns, table.rows, table.rejects, (*notes, *table.notes)), reading


def _refuse_links(path: Path, name: str) -> None:
    """Refuse a TAB that stands for other tables (a view, a seamless table): it names their files, wherever they are."""
    with path.open("rb") as stream:
        content = stream.read(_LONGEST_TAB + 1)
    if len(content) > _LONGEST_TAB or _TAB_LINKS.search(content):
        raise LinkedTable(file=name)


@contextmanager
def _quiet() -> Iterator[None]:
    """GDAL's remarks on single values are warnings that become notes elsewhere; they must not fill the logs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _plain(error: Exception, path: Path, name: str) -> str:
    """What GDAL says of a file, under the name that people gave it: ours says nothing to them."""
    first = str(error).split("; It might help")[0]  # the rest advises to name a driver
    stem = re.escape(path.stem)
    return re.sub(rf"['\"]?(?:\S*/{stem}|{stem}\.)[^\s'\":]*['\"]?", lambda _: f"« {name} »", first)[:300]


def _dbf_encoding(job: Job, path: Path) -> str | None:
    """Encoding of the attributes: asked for, else .cpg, else the mark of the DBF, else Windows-1252."""
    if job.format not in {"shapefile", "dbf"}:
        return None
    if job.options.encoding:
        return job.options.encoding
    page = path.with_suffix(".cpg")
    if page.exists():
        announced = _code_page(page.read_text(encoding="ascii", errors="replace"))
        if announced:
            return announced
    table = path.with_suffix(".dbf")
    if not table.exists():
        return None
    content = table.read_bytes() if table.stat().st_size < 256 * 1024**2 else table.open("rb").read(256 * 1024**2)
    return "utf-8" if _is_utf8(_dbf_texts(content)) else "cp1252"


def _dbf_texts(content: bytes) -> bytes:
    """The names of the fields and the records: what lies between (lengths, flags) is no text."""
    start = int.from_bytes(content[8:10], "little")
    names = (content[place : place + 11] for place in range(32, start - 1, 32))
    return b"\n".join([*names, content[start:]])


def _is_utf8(texts: bytes) -> bool:
    """True when most of what is not ASCII is UTF-8: fields of fixed length cut characters in two."""
    try:
        texts.decode("utf-8")
    except UnicodeDecodeError:
        whole = sum(len(found) for found in _UTF8.findall(texts))
        high = len(texts) - len(texts.translate(None, _HIGH))
        return whole * 2 >= high
    return True


def _code_page(word: str) -> str | None:
    """The encoding that a .cpg names; ISO-8859-1 stands for its superset Windows-1252; None when it means nothing."""
    digits = "".join(sign for sign in word if sign.isdigit())
    if digits.startswith("8859") and digits in {"88591", "885901"}:
        return "cp1252"
    for name in (word.strip(), f"cp{digits}"):
        with suppress(LookupError, ValueError):
            codec_name = codecs.lookup(name).name
            return "cp1252" if codec_name == "iso8859-1" else codec_name
    return None


def _layer(job: Job, rows: Any, path: Path, pyogrio: Any) -> tuple[str, list[str]]:
    """The layer to read (asked for, else the first that is not empty) and all their names."""
    names = [str(row[0]) for row in rows]
    if job.options.sheet is not None:
        if job.options.sheet not in names:
            raise NoSuchPart(file=job.name, part=job.options.sheet, listing=", ".join(names))
        return job.options.sheet, names
    if not names:
        raise NoTable(file=job.name)
    if len(names) == 1:
        return names[0], names
    measured = names[:MOST_MEASURED]  # each one opens the file anew
    filled = [n for n in measured if pyogrio.read_info(path, layer=n, force_feature_count=True)["features"] > 0]
    filled += names[MOST_MEASURED:]
    return (filled or names)[0], filled or names


def _stage(job: Job, meta: dict[str, Any], stream: Any) -> tuple[StagedTable, str | None]:
    """Pour the Arrow stream of a layer into ROWS."""
    reader = pa.RecordBatchReader.from_stream(stream) if not isinstance(stream, pa.RecordBatchReader) else stream
    geometry = meta.get("geometry_name") or "wkb_geometry"
    names = reader.schema.names
    # by place, not by name: a damaged dBASE table, or a careless one, has several fields of one name
    drawn_at = names.index(geometry) if geometry in names and meta.get("geometry_type") is not None else None
    has_geometry = drawn_at is not None
    ranks = [rank for rank, title in enumerate(names) if title != geometry]
    fields = [reader.schema.field(rank) for rank in ranks]
    check_width(len(fields) + has_geometry, job.name, job.limits)
    connection = job.workspace.connection
    clear_rows(connection)
    _create(connection, fields, has_geometry)
    rows = drawn = 0
    for batch in reader:
        job.progress("read", rows, None)
        _insert(connection, batch, ranks, drawn_at, rows)
        rows += batch.num_rows
        drawn += batch.num_rows - batch.column(drawn_at).null_count if drawn_at is not None else 0
    columns = [StagedColumn(staged_name(rank), f.name, _hint(job, f.type)) for rank, f in enumerate(fields)]
    staged = StagedTable(tuple(columns), rows, 0)
    staged = _without_furniture(job, staged) if job.format == "kml" else staged
    if not has_geometry:
        return staged, None
    column = staged_name(len(fields))
    crs = meta.get("crs") or ("EPSG:4326" if job.format in XML else None)
    count_row = connection.execute(f"SELECT count({column}) FROM {ROWS}").fetchone()
    lost = drawn - (count_row[0] if count_row else 0)
    notes = (Note("geometry-unreadable", {"count": lost}),) if lost else ()
    located = locate(job.workspace, column, column, crs, job.name)
    header = HEADER if all(c.header != HEADER for c in staged.columns) else "geometry (WGS 84)"
    placed = (*staged.columns, StagedColumn(column, header, located.hint))
    return StagedTable(placed, rows, 0, (*staged.notes, *notes, *located.notes)), located.crs


def _hint(job: Job, type_: pa.DataType) -> ColumnType | None:
    hint = hint_of(type_)
    return None if job.format in XML and hint is ColumnType.TEXT else hint  # all is text in these: it says nothing


def _create(connection: duckdb.DuckDBPyConnection, fields: list[pa.Field], has_geometry: bool) -> None:
    columns = ["line BIGINT", *(f"{staged_name(rank)} VARCHAR" for rank in range(len(fields)))]
    if has_geometry:
        columns.append(f"{staged_name(len(fields))} GEOMETRY")
    connection.execute(f"CREATE TABLE {ROWS} ({', '.join(columns)})")


def _insert(
    connection: duckdb.DuckDBPyConnection,
    batch: pa.RecordBatch,
    ranks: list[int],
    geometry: int | None,
    before: int,
) -> None:
    fields = [batch.schema.field(rank) for rank in ranks]
    names = [f"v{rank}" for rank in range(len(fields))]
    arrays = [_readable(batch.column(rank)) for rank in ranks]
    lines = pa.array(range(before + 1, before + batch.num_rows + 1), pa.int64())
    if geometry is not None:
        names.append("wkb")
        arrays.append(batch.column(geometry).cast(pa.binary()))
    expressions = [canonical_sql(quote_identifier(f"v{rank}"), field.type) for rank, field in enumerate(fields)]
    if geometry is not None:
        expressions.append("TRY(ST_GeomFromWKB(wkb))")
    connection.register("batch", pa.table([lines, *arrays], names=["line", *names]))
    try:
        connection.execute(f"INSERT INTO {ROWS} SELECT {', '.join(['line', *expressions])} FROM batch")
    finally:
        connection.unregister("batch")


def _readable(values: pa.Array) -> pa.Array:
    """Texts that GDAL gave in the encoding of their file become UTF-8: where that fails they are Windows-1252."""
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        return values
    try:
        values.validate(full=True)
    except pa.ArrowInvalid:
        cells = values.cast(pa.large_binary()).to_pylist()
        return pa.array([None if cell is None else repaired_text(cell) for cell in cells], pa.string())
    return values


def _without_furniture(job: Job, staged: StagedTable) -> StagedTable:
    """Leave out the columns GDAL adds to a KML when they say nothing: the same value on every row."""
    columns, dropped = [], []
    for column in staged.columns:
        if column.header in KML_FURNITURE:
            row = job.workspace.connection.execute(f"SELECT count(DISTINCT {column.name}) FROM {ROWS}").fetchone()
            if row is not None and row[0] <= 1:
                dropped.append(column)
                job.workspace.connection.execute(f"ALTER TABLE {ROWS} DROP COLUMN {column.name}")
                continue
        columns.append(
            StagedColumn(column.name, column.header, None if column.header in KML_FURNITURE else column.hint)
        )
    return StagedTable(tuple(columns), staged.rows, staged.rejects, staged.notes)
