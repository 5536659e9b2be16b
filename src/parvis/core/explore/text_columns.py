"""Arrow columns to columns of text, as CSV cells and as JSON values: whole columns at a time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc

from parvis.core.columns import ColumnType
from parvis.core.explore.file_values import file_object
from parvis.core.odsql.bound import JsonText, Output
from parvis.core.odsql.valuetypes import ValueType


@dataclass(frozen=True, slots=True)
class Rendering:
    """What changes how values are written."""

    timezone: str = "UTC"
    list_separator: str = ","
    files: str = ""
    """Address below which the dataset's files are; without it, a file is the text its field holds."""
    counted_instants: bool = False
    """In JSON, dates and instants as milliseconds since 1970, as version 2.0 wrote them in GeoJSON."""


def csv_column(array: pa.Array, output: Output, options: Rendering) -> pa.Array:
    """The cells of a column, unquoted; nulls stay null."""
    kind = array.type
    if pa.types.is_list(kind):
        return pc.binary_join(array, options.list_separator)
    if pa.types.is_boolean(kind):
        return pc.if_else(array, "True", "False")
    if pa.types.is_struct(kind):
        lon, lat = (numbers_as_text(array.field(name)) for name in ("lon", "lat"))
        return _where_valid(array, pc.binary_join_element_wise(lat, lon, ", "))
    if is_shape(output):
        return _spelt_out(array)
    return _plain(array, output, options)


def _spelt_out(array: pa.Array) -> pa.Array:
    """Geometries as other portals spell them in cells: coordinates first, a blank after each sign."""
    turned = pc.replace_substring_regex(array, _GEOMETRY, r'{"coordinates":\2,"type":"\1"}')
    return pc.replace_substring(pc.replace_substring(turned, ",", ", "), ":", ": ")


_GEOMETRY = r'^\{"type":"(\w+)","coordinates":(.*)\}$'


def json_column(array: pa.Array, output: Output, options: Rendering) -> pa.Array:
    """The values of a column as JSON text; nulls become ``null``."""
    kind = array.type
    if pa.types.is_boolean(kind):
        text = pc.if_else(array, "true", "false")
    elif pa.types.is_integer(kind):
        text = pc.cast(array, pa.string())
    elif pa.types.is_floating(kind):
        text = pc.if_else(pc.is_finite(array), _with_point(numbers_as_text(array)), pa.scalar(None, pa.string()))
    elif pa.types.is_struct(kind):
        text = _point_as_json(array)
    elif pa.types.is_list(kind):
        text = pa.array([_dumped(value) for value in array.to_pylist()], pa.string())
    elif output.expression.type is ValueType.JSON:
        fallback = json_fallback(output)
        values = [None if value is None else _dumped(read_json(value, fallback)) for value in array.to_pylist()]
        text = pa.array(values, pa.string())
    elif options.files and is_file(output):
        objects = [None if value is None else _dumped(file_object(value, options.files)) for value in array.to_pylist()]
        text = pa.array(objects, pa.string())
    elif options.counted_instants and pa.types.is_temporal(kind):
        text = pc.cast(array.cast(pa.timestamp("ms", "UTC"), safe=False).cast(pa.int64()), pa.string())
    elif is_shape(output):
        text = pc.binary_join_element_wise('{"type": "Feature", "geometry": ', array, ', "properties": {}}', "")
    else:
        text = quoted(_plain(array, output, options))
    return pc.fill_null(text, "null")


def geometry_column(array: pa.Array, output: Output) -> pa.Array:
    """The values of a geographic column as GeoJSON geometries; nulls become ``null``."""
    if pa.types.is_struct(array.type):
        lon, lat = (numbers_as_text(array.field(name)) for name in ("lon", "lat"))
        text = pc.binary_join_element_wise('{"type": "Point", "coordinates": [', lon, ", ", lat, "]}", "")
        return pc.fill_null(_where_valid(array, text), "null")
    return pc.fill_null(array, "null")


def is_file(output: Output) -> bool:
    """True for a column of files."""
    return output.column is not None and output.column.type is ColumnType.FILE


def is_shape(output: Output) -> bool:
    """True for a column of shapes."""
    return output.expression.type in (ValueType.SHAPE, ValueType.GEOMETRY)


NO_FALLBACK = object()
"""What stands for no second argument of ``json_format``."""


def json_fallback(output: Output) -> object:
    """What an output of JSON gives where its text is none: null, a text, or NO_FALLBACK for the text itself."""
    node = output.expression
    return node.fallback.value if isinstance(node, JsonText) and node.fallback is not None else NO_FALLBACK


def read_json(text: str, fallback: object) -> object:
    """The value a text of JSON holds, else the fallback, else the text."""
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return text if fallback is NO_FALLBACK else fallback


def _refuse(constant: str) -> object:
    raise ValueError(constant)


def numbers_as_text(array: pa.Array) -> pa.Array:
    """Numbers in their shortest decimal form; an exponent only where Python writes one (from 1e16, below 1e-4)."""
    text = pc.cast(array, pa.string())
    if not pa.types.is_floating(array.type):
        return text
    exponent = pc.fill_null(pc.match_substring(text, "e"), False)
    if not pc.any(exponent).as_py():
        return text
    written = [_decimal(value) for value in array.filter(exponent).to_pylist()]
    return pc.replace_with_mask(text, exponent, pa.array(written, pa.string()))


def quoted(array: pa.Array) -> pa.Array:
    """Texts as JSON strings; nulls stay null."""
    plain = pc.binary_join_element_wise('"', array, '"', "")
    special = pc.fill_null(pc.match_substring_regex(array, r'["\\\x00-\x1f\x7f]'), False)
    if not pc.any(special).as_py():
        return plain
    escaped = [_dumped(value) for value in array.filter(special).to_pylist()]
    return pc.replace_with_mask(plain, special, pa.array(escaped, pa.string()))


_FIRST_INSTANT = pa.scalar(-62_135_596_800_000_000, pa.timestamp("us"))
"""The first of year 1; the last of year 9999."""
_LAST_INSTANT = pa.scalar(253_402_300_799_999_999, pa.timestamp("us"))


def instants_as_text(array: pa.Array, timezone: str) -> pa.Array:
    """Instants in ISO 8601 with the offset of ``timezone``; microseconds only where they are not zero."""
    utc = array.cast(pa.timestamp("us", "UTC"))
    naive = utc.cast(pa.timestamp("us"))
    local = naive if timezone == "UTC" else pc.local_timestamp(utc.cast(pa.timestamp("us", timezone)))
    whole = local.cast(pa.timestamp("s"), safe=False)
    text = _iso(pc.cast(whole, pa.string()))
    micros = pc.not_equal(pc.cast(whole, pa.timestamp("us")), local)
    if pc.any(micros).as_py():
        text = pc.if_else(micros, _iso(pc.cast(local, pa.string())), text)
    if timezone == "UTC":
        return pc.binary_join_element_wise(text, "+00:00", "")
    gaps = pc.subtract(local.cast(pa.int64()), naive.cast(pa.int64()))
    text = pc.binary_join_element_wise(text, _offsets(gaps), "")
    # Of no year from 1 to 9999 there: 9999-12-31T23:59:59Z in Paris, which nobody reads back.
    is_outside = pc.fill_null(pc.or_(pc.less(local, _FIRST_INSTANT), pc.greater(local, _LAST_INSTANT)), False)
    return pc.if_else(is_outside, instants_as_text(array, "UTC"), text) if pc.any(is_outside).as_py() else text


def _plain(array: pa.Array, output: Output, options: Rendering) -> pa.Array:
    kind = array.type
    if pa.types.is_timestamp(kind):
        if kind.tz is None:
            return _iso(pc.cast(array.cast(pa.timestamp("s"), safe=False), pa.string()))
        return instants_as_text(array, options.timezone)
    if pa.types.is_date(kind):
        return _cut(pc.cast(array, pa.string()), output)
    if pa.types.is_floating(kind):
        return numbers_as_text(array)
    return pc.cast(array, pa.string())


def _cut(dates: pa.Array, output: Output) -> pa.Array:
    precision = output.column.annotations.get("timeserie_precision") if output.column else None
    length = {"year": 4, "month": 7}.get(str(precision))
    return pc.utf8_slice_codeunits(dates, 0, length) if length else dates


def _iso(text: pa.Array) -> pa.Array:
    return pc.replace_substring(text, " ", "T")


def _offsets(gaps: pa.Array) -> pa.Array:
    encoded = pc.dictionary_encode(gaps)
    texts = pa.array([_offset(gap) for gap in encoded.dictionary.to_pylist()], pa.string())
    return texts.take(encoded.indices)


def _offset(microseconds: int) -> str:
    sign = "-" if microseconds < 0 else "+"
    hours, minutes, seconds = str(timedelta(microseconds=abs(microseconds))).split(":")
    return f"{sign}{hours:0>2}:{minutes}" + (f":{seconds}" if seconds != "00" else "")


def _with_point(text: pa.Array) -> pa.Array:
    """5 as 5.0, so that readers of JSON see a decimal column as such from its first row."""
    whole = pc.fill_null(pc.match_substring_regex(text, r"^-?\d+$"), False)
    return pc.if_else(whole, pc.binary_join_element_wise(text, ".0", ""), text)


def _decimal(value: float) -> str:
    return repr(value).removesuffix(".0")


def _point_as_json(array: pa.Array) -> pa.Array:
    lon, lat = (_with_point(numbers_as_text(array.field(name))) for name in ("lon", "lat"))
    return _where_valid(array, pc.binary_join_element_wise('{"lon": ', lon, ', "lat": ', lat, "}", ""))


def _where_valid(array: pa.Array, text: pa.Array) -> pa.Array:
    return pc.if_else(array.is_valid(), text, pa.scalar(None, pa.string())) if array.null_count else text


def _dumped(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)
