"""What a table holds, in a few bytes a column, whatever the order of its rows: two tables are compared without either being held.

A value is written in one canonical form, that of its type, from a cell of a CSV export or from a Parquet file of ours; its hash is added
to that of its column, modulo 2^64. The hash of whole rows is added too: columns whose values changed rows would else be the same.
"""

from __future__ import annotations

import csv
import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq
import shapely
from shapely.geometry import mapping as geojson_of

from parvis.core.columns import Column, ColumnType
from parvis.core.sources.errors import UnreadableAnswer
from parvis.core.sources.file_cells import objects_in
from parvis.core.translation import Sentence

MOST_FACET_VALUES: Final = 20_000
"""Distinct values of a facet that are counted; a column of more is left out of the comparison of facets."""
LONGEST_CELL: Final = 100_000_000
_MODULUS: Final = 1 << 64
_BATCH: Final = 2_000


@dataclass(frozen=True, slots=True)
class ColumnSum:
    """A column: how many of its cells are filled, and the sum of what they hold."""

    filled: int = 0
    sum: str = ""


@dataclass(frozen=True, slots=True)
class TableSum:
    """A table: its rows, the sum of whole rows, its columns by name, and the counts of the values of its facets."""

    rows: int = 0
    sum: str = ""
    columns: Mapping[str, ColumnSum] = field(default_factory=dict)
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def sum_of_csv(path: Path, columns: Sequence[Column]) -> TableSum:
    """The table of a CSV export with semicolons whose header has the technical names; UnreadableAnswer for anything else, and for a cell
    that is no value of its type. Run in a confined child: strangers wrote it."""
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, delimiter=";")
        try:
            header = next(reader, [])
            places = [header.index(column.name) for column in columns]
        except (ValueError, csv.Error, UnicodeDecodeError) as error:
            reason = Sentence("l’export n’a pas les colonnes annoncées")
            raise UnreadableAnswer(file=path.name, reason=reason) from error
        try:
            rows = ([row[place] for place in places] for row in reader if row)
            return _sum(columns, rows, {column.name: _of_export(column) for column in columns}, ())
        except (ValueError, IndexError, TypeError, KeyError, OverflowError, csv.Error, RecursionError) as error:
            reason = Sentence("l’export ne se lit pas ({error})", {"error": str(error)[:100]})
            raise UnreadableAnswer(file=path.name, reason=reason) from error


def sum_of_objects(path: Path, columns: Sequence[Column]) -> TableSum:
    """The table of rows in JSON, one a line or in one list, as the Explore API writes them; UnreadableAnswer as for CSV."""
    names = [column.name for column in columns]
    # What no CSV tells apart is not told apart here: a list is its values with commas.
    rows = ([_cell(column, row.get(column.name)) for column in columns] for row in objects_in(path, names))
    return sum_of_texts([replace(column, annotations={}) for column in columns], rows)


def sum_of_texts(
    columns: Sequence[Column], rows: Iterable[Sequence[str]], *, as_people_write: bool = False
) -> TableSum:
    """The table of cells of CSV; UnreadableAnswer for a cell that is no value of its type. ``as_people_write``: numbers with commas and spaces,
    days first, « oui » and « non »."""
    try:
        return _sum(
            columns, rows, {column.name: _of_text(column, as_people_write=as_people_write) for column in columns}, ()
        )
    except (ValueError, IndexError, TypeError, KeyError, OverflowError, csv.Error, RecursionError) as error:
        reason = Sentence("l’export ne se lit pas ({error})", {"error": str(error)[:100]})
        raise UnreadableAnswer(file="", reason=reason) from error


def sum_of_parquet(paths: Iterable[Path], columns: Sequence[Column], facets: Sequence[str] = ()) -> TableSum:
    """The table of the files of a version of ours."""
    names = [column.name for column in columns]

    def rows() -> Iterator[list[Any]]:
        for path in paths:
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(batch_size=_BATCH, columns=names):
                    values = [batch.column(name).to_pylist() for name in names]
                    yield from map(list, zip(*values, strict=True)) if values else ([] for _ in range(batch.num_rows))

    return _sum(columns, rows(), {column.name: _of_value(column) for column in columns}, facets)


type Canonical = Callable[[Any], str]


def _sum(
    columns: Sequence[Column], rows: Iterable[Sequence[Any]], canonical: Mapping[str, Canonical], facets: Sequence[str]
) -> TableSum:
    written = [canonical[column.name] for column in columns]
    sums, filled, total, count = [0] * len(columns), [0] * len(columns), 0, 0
    counted = {name: Counter[str]() for name in facets}
    parts = [(rank, column) for rank, column in enumerate(columns) if column.name in counted]
    for row in rows:
        count += 1
        texts = [write(cell) for write, cell in zip(written, row, strict=True)]
        for rank, text in enumerate(texts):
            if text:
                filled[rank] += 1
                sums[rank] += _hash(text)
        total += _hash("\0".join(texts))
        for rank, column in parts:
            counter = counted.get(column.name)
            if counter is not None and texts[rank]:
                counter.update(set(_values(column, row[rank], texts[rank])))
                if len(counter) > MOST_FACET_VALUES:
                    del counted[column.name]
    return TableSum(
        count,
        f"{total % _MODULUS:016x}",
        {
            column.name: ColumnSum(number, f"{value % _MODULUS:016x}")
            for column, number, value in zip(columns, filled, sums, strict=True)
        },
        {name: dict(counter) for name, counter in counted.items()},
    )


def _values(column: Column, cell: Any, text: str) -> list[str]:
    return [str(part) for part in cell] if isinstance(cell, list) else [text]


@lru_cache(maxsize=100_000)
def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def _of_export(column: Column) -> Canonical:
    """What writes a cell of a CSV export of the Explore API: a list is there with commas, whatever the sign its column was read with."""
    return _of_text(replace(column, annotations={}))


def _of_text(column: Column, *, as_people_write: bool = False) -> Canonical:
    """What writes a cell of CSV (specification of the Explore API, section 6), or of a file as people write them."""
    write = _FROM_TEXT.get(column.type, _lines)
    if as_people_write:
        usual, plain = write, _FRENCH.get(column.type, str)
        return lambda cell: usual(plain(cell)) if cell else ""
    separator = column.annotations.get("multivalued")
    if isinstance(separator, str) and separator not in ("", ","):
        return lambda cell: _lines(",".join(part.strip() for part in cell.split(separator))) if cell else ""
    return lambda cell: write(cell) if cell else ""


def _of_value(column: Column) -> Canonical:
    """What writes a value of a Parquet file of ours."""
    write = _FROM_VALUE.get(column.type, lambda cell: _lines(str(cell)))
    if column.annotations.get("multivalued"):
        return lambda cell: _lines(",".join(cell)) if cell else ""
    return lambda cell: write(cell) if cell is not None else ""


def _cell(column: Column, value: Any) -> str:
    """A value of JSON as the CSV of the same portal writes it."""
    if value is None or value == []:
        return ""
    if column.type is ColumnType.JSON:
        return value if isinstance(value, str) else json.dumps(value)
    if isinstance(value, list):
        return ",".join("" if part is None else str(part) for part in value)
    if isinstance(value, Mapping):
        if column.type is ColumnType.GEO_POINT:
            return f"{value['lat']},{value['lon']}"
        return json.dumps(value)
    return str(value)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _number(value: float) -> str:
    if not math.isfinite(value):
        return ""
    return repr(value + 0.0) if value else "0.0"  # -0.0 is 0.0


def _day(text: str) -> str:
    """A day; the first of the year or month that a column of that precision tells."""
    padded = {4: f"{text}-01-01", 7: f"{text}-01"}.get(len(text), text[:10])
    return date.fromisoformat(padded).isoformat()


def _moment(value: datetime) -> str:
    moment = value if value.tzinfo else value.replace(tzinfo=UTC)
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _moment_of(text: str) -> str:
    """An instant likewise."""
    full = {4: f"{text}-01-01", 7: f"{text}-01"}.get(len(text), text)
    return _moment(datetime.fromisoformat(full))


def _point_of(text: str) -> str:
    latitude, longitude = (float(part) for part in text.split(","))
    return f"{_number(longitude)} {_number(latitude)}"


def _point(cell: bytes) -> str:
    point = shapely.from_wkb(cell)
    return f"{_number(point.x)} {_number(point.y)}"


def _shape_of(text: str) -> str:
    value = json.loads(text)
    return _shape(value.get("geometry") if value.get("type") == "Feature" else value)


def _shape(geometry: Mapping[str, Any]) -> str:
    """Type and positions, longitude and latitude alone: a height is not kept here, and is not what a shape is compared by."""
    if geometry["type"] == "GeometryCollection":
        return f"({' '.join(map(_shape, geometry['geometries']))})"
    return f"{geometry['type']} {_positions(geometry['coordinates'])}"


def _positions(value: Any) -> str:
    if value and not isinstance(value[0], list | tuple):
        return f"{_number(float(value[0]))} {_number(float(value[1]))}"
    return f"[{','.join(map(_positions, value))}]"


def _blob(text: str) -> str:
    """JSON whatever its spaces; the text itself of what is none."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True)
    except (ValueError, RecursionError):
        return _lines(text)


_BOOLEANS = {"true": "true", "1": "true", "t": "true", "false": "false", "0": "false", "f": "false"}
"""« t » and « f » are those of PostgreSQL, by which the DataStore of CKAN writes its dump."""
_FROM_TEXT: dict[ColumnType, Canonical] = {
    ColumnType.INT: lambda text: str(int(text)),
    ColumnType.DOUBLE: lambda text: _number(float(text)),
    ColumnType.BOOLEAN: lambda text: _BOOLEANS[text.lower()],
    ColumnType.DATE: _day,
    ColumnType.DATETIME: _moment_of,
    ColumnType.GEO_POINT: _point_of,
    ColumnType.GEO_SHAPE: _shape_of,
    ColumnType.JSON: _blob,
    ColumnType.FILE: lambda text: (
        "•"
    ),  # what a file is called changes from portal to portal: only whether there is one is compared
}
_YES_OR_NO = {"oui": "true", "non": "false", "vrai": "true", "faux": "false"}
_FRENCH: dict[ColumnType, Canonical] = {
    ColumnType.INT: lambda text: re.sub(r"[\s\xa0\u202f]", "", text),
    ColumnType.DOUBLE: lambda text: re.sub(r"[\s\xa0\u202f]", "", text).replace(",", "."),
    ColumnType.DATE: lambda text: "-".join(reversed(text.split("/"))) if "/" in text else text,
    ColumnType.BOOLEAN: lambda text: str(_YES_OR_NO.get(text.lower(), text)),
}
"""A cell as people write it, as exports do."""
_FROM_VALUE: dict[ColumnType, Canonical] = {
    ColumnType.INT: str,
    ColumnType.DOUBLE: _number,
    ColumnType.BOOLEAN: lambda cell: "true" if cell else "false",
    ColumnType.DATE: lambda cell: cell.isoformat(),
    ColumnType.DATETIME: _moment,
    ColumnType.GEO_POINT: _point,
    ColumnType.GEO_SHAPE: lambda cell: _shape(geojson_of(shapely.from_wkb(cell))),
    ColumnType.JSON: _blob,
    ColumnType.FILE: lambda cell: "•",
}
