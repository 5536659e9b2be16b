"""FlatGeobuf and GeoPackage, written by GDAL from rows kept meanwhile in a temporary Arrow file; what shapefiles share with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from parvis.core import gdal
from parvis.core.explore.errors import TooWideForMap
from parvis.core.explore.geometries import is_geographic
from parvis.core.explore.text_columns import csv_column
from parvis.core.explore.writers.rows import Answer
from parvis.core.explore.writers.temporary import sent
from parvis.core.odsql.bound import Output
from parvis.core.text import slugify

GEOMETRY = "geometry"
OTHER = "Other"
INDEXED_ROWS = 2_000_000
"""Rows up to which a FlatGeobuf has a spatial index: GDAL builds it in memory."""
_KINDS = {1: "Point", 2: "LineString", 3: "Polygon", 4: "MultiPoint", 5: "MultiLineString", 6: "MultiPolygon"}


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a format takes: dates and instants as such, columns of other geometries, its longest text, most columns and largest number
    (0: no limit)."""

    typed_dates: bool = False
    typed_instants: bool = False
    other_geometries: bool = False
    text_bytes: int = 0
    columns: int = 0
    largest: float = 0


FLATGEOBUF = Attributes()
GEOPACKAGE = Attributes(typed_dates=True, typed_instants=True, other_geometries=True, columns=1990)


@dataclass
class RowSpool:
    """Rows kept in an Arrow file until all are known."""

    path: Path
    schema: pa.Schema
    rows: int = 0
    nulls: int = 0
    kinds: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._stream = pa.OSFile(str(self.path), "wb")
        self._writer = pa.ipc.new_stream(self._stream, self.schema)

    def add(self, batch: pa.RecordBatch, kinds: pa.Array) -> None:
        """Keep more rows; ``kinds`` are the names of their geometries' types."""
        self._writer.write_batch(batch)
        self.rows += batch.num_rows
        self.nulls += kinds.null_count
        self.kinds |= {str(kind) for kind in pc.unique(kinds.drop_null()).to_pylist()}

    def end(self) -> None:
        """No more rows."""
        self._writer.close()
        self._stream.close()

    def into(self, path: Path, driver: str, layer: str, epsg: int, **options: Any) -> None:
        """Have GDAL write the rows, a batch at a time."""
        drawn = GEOMETRY in self.schema.names
        kind = "Point" if driver == gdal.SHAPEFILE and not self.kinds else self.geometry_type
        place = {"geometry_name": GEOMETRY, "geometry_type": kind, "crs": f"EPSG:{epsg}"} if drawn else {}
        with pa.OSFile(str(self.path)) as stream:
            rows = pa.ipc.open_stream(stream)
            if drawn and len(self.kinds) > 1 and kind.startswith("Multi"):
                rows = pa.RecordBatchReader.from_batches(self.schema, (_multiple(batch) for batch in rows))
            gdal.pyogrio().raw.write_arrow(rows, path, layer=layer, driver=driver, **place, **options)
        self.path.unlink()

    @property
    def geometry_type(self) -> str:
        """The type of all geometries, the multiple one where both are there; ``Unknown`` for a mix."""
        if not self.kinds:
            return "Unknown"
        single = {kind.removeprefix("Multi") for kind in self.kinds}
        if len(self.kinds) == 1:
            return next(iter(self.kinds))
        return "Unknown" if len(single) > 1 or OTHER in single else f"Multi{next(iter(single))}"


def write_fgb(answer: Answer) -> Iterator[bytes]:
    """FlatGeobuf; with its spatial index unless rows lack a geometry or are too many to index in memory."""

    def make(folder: Path) -> Path:
        spooled = _all(answer, folder, FLATGEOBUF)
        indexed = GEOMETRY in spooled.schema.names and not spooled.nulls and 0 < spooled.rows <= INDEXED_ROWS
        target = folder / "export.fgb"
        spooled.into(
            target, gdal.FLATGEOBUF, answer.setting.name, epsg_of(answer), SPATIAL_INDEX="YES" if indexed else "NO"
        )
        return target

    return sent(answer, make)


def write_gpkg(answer: Answer) -> Iterator[bytes]:
    """GeoPackage: one layer with its spatial index, or a table of attributes when nothing is drawn."""

    def make(folder: Path) -> Path:
        target = folder / "export.gpkg"
        layer = slugify(answer.setting.name).replace("-", "_") or "export"
        _all(answer, folder, GEOPACKAGE).into(target, gdal.GEOPACKAGE, layer, epsg_of(answer))
        return target

    return sent(answer, make)


class Table:
    """The attributes of an answer as GDAL takes them, with what had to be cut counted."""

    def __init__(self, answer: Answer, attributes: Attributes, titles: list[str] | None = None) -> None:
        self.answer, self.attributes = answer, attributes
        self.titles = titles or _distinct(answer.titles)
        self.cut: dict[str, int] = {}
        self.lost: dict[str, int] = {}
        self.ranks = [
            rank for rank in answer.others if attributes.other_geometries or not is_geographic(answer.outputs[rank])
        ]
        if attributes.columns and len(self.ranks) > attributes.columns:
            raise TooWideForMap(columns=len(self.ranks), limit=attributes.columns)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, the geometry last when there is one; at least one batch."""
        for batch in self.answer.batches:
            arrays = [self._attribute(batch.column(rank), rank) for rank in self.ranks]
            names = [self.titles[rank] for rank in self.ranks]
            if self.answer.drawn is not None:
                arrays.append(_binary(batch.column(self.answer.drawn)))
                names.append(GEOMETRY)
            if not arrays:
                arrays, names = [pa.nulls(batch.num_rows, pa.string())], ["vide"]
            yield pa.RecordBatch.from_arrays(arrays, names=names)

    def _attribute(self, array: pa.Array, rank: int) -> pa.Array:
        output, kind, takes = self.answer.outputs[rank], array.type, self.attributes
        if pa.types.is_integer(kind):
            return pc.cast(array, pa.int64())
        if pa.types.is_floating(kind):
            return self._held(array, rank) if takes.largest else array
        if pa.types.is_boolean(kind):
            return array
        if pa.types.is_date(kind) and takes.typed_dates and not _precision(output):
            return array
        if pa.types.is_timestamp(kind) and kind.tz is not None and takes.typed_instants:
            return pc.cast(array, pa.timestamp("us", "UTC"))
        text = pc.replace_substring(csv_column(array, output, self.answer.rendering), "\x00", "\ufffd")
        return self._shortened(text, rank)

    def _held(self, array: pa.Array, rank: int) -> pa.Array:
        """Numbers that the format can write; the others are left empty, and counted."""
        wrong = pc.fill_null(pc.invert(pc.less(pc.abs(array), self.attributes.largest)), False)
        if count := pc.sum(wrong).as_py():
            title = self.answer.titles[rank]
            self.lost[title] = self.lost.get(title, 0) + count
        return pc.if_else(wrong, pa.scalar(None, array.type), array)

    def _shortened(self, text: pa.Array, rank: int) -> pa.Array:
        most = self.attributes.text_bytes
        too_long = pc.fill_null(pc.greater(pc.binary_length(text), most), False) if most else None
        if too_long is None or not pc.any(too_long).as_py():
            return text
        cut = [value.encode()[:most].decode("utf-8", "ignore") for value in text.filter(too_long).to_pylist()]
        title = self.answer.titles[rank]
        self.cut[title] = self.cut.get(title, 0) + len(cut)
        return pc.replace_with_mask(text, too_long, pa.array(cut, pa.string()))


def _all(answer: Answer, folder: Path, attributes: Attributes) -> RowSpool:
    spooled = None
    for batch in Table(answer, attributes).batches():
        if spooled is None:
            spooled = RowSpool(folder / "rows.arrow", batch.schema)
        spooled.add(batch, kinds_of(batch))
    if spooled is None:
        raise AssertionError("an answer has at least one batch, empty if need be")
    spooled.end()
    return spooled


def kinds_of(batch: pa.RecordBatch) -> pa.Array:
    """The name of each geometry's type, from its second to fifth byte; null without geometry."""
    if GEOMETRY not in batch.schema.names:
        return pa.nulls(batch.num_rows, pa.string())
    array = batch.column(GEOMETRY)
    encoded = pc.dictionary_encode(pc.binary_slice(array, 1, 5))
    names = [_KINDS.get(int.from_bytes(code, "little") % 1000, OTHER) for code in encoded.dictionary.to_pylist()]
    return pa.array(names, pa.string()).take(encoded.indices)


def _multiple(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The same rows, each single geometry as a multiple one of a single part: a layer of multiple ones takes no other."""
    rank = batch.schema.names.index(GEOMETRY)
    array = batch.column(rank)
    codes = pc.dictionary_encode(pc.binary_slice(array, 1, 5))
    heads = [_head_of_multiple(int.from_bytes(code, "little")) for code in codes.dictionary.to_pylist()]
    head = pa.array(heads, array.type).take(codes.indices)
    return batch.set_column(
        rank, batch.schema.field(rank), pc.binary_join_element_wise(head, array, pa.scalar(b"", array.type))
    )


def _head_of_multiple(code: int) -> bytes:
    """What is put before a geometry of this type: byte order, multiple type and number of parts; nothing before one that is multiple."""
    if code % 1000 not in (1, 2, 3):
        return b""
    return b"\x01" + (code + 3).to_bytes(4, "little") + (1).to_bytes(4, "little")


def _distinct(titles: tuple[str, ...]) -> list[str]:
    """Titles that GDAL can tell apart, whatever the case, and from its own columns."""
    unique_titles: list[str] = []
    taken = {GEOMETRY, "fid", "geom"}
    for title in titles:
        unique, number = title.replace("\x00", "") or "champ", 2
        while unique.casefold() in taken:
            unique, number = f"{title}_{number}", number + 1
        unique_titles.append(unique)
        taken.add(unique.casefold())
    return unique_titles


def _precision(output: Output) -> bool:
    return bool(output.column and output.column.annotations.get("timeserie_precision") in ("year", "month"))


def _binary(array: pa.Array) -> pa.Array:
    return array.storage if isinstance(array.type, pa.BaseExtensionType) else array


def epsg_of(answer: Answer) -> int:
    """The coordinate system asked for."""
    return answer.request.epsg
