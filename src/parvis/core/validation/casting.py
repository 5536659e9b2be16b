"""From a text to a typed value, exactly as Table Schema validators do it: one reader a type, None when the text is no value.

Readers also take what JSON gives (numbers, lists…), for items of arrays, examples and bounds written in a schema.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from dateutil import parser as dates
from dateutil import tz

from parvis.core.schemas.model import Field
from parvis.core.validation.text_formats import OBJECT_FORMATS, TEXT_FORMATS, parse_duration

type Reader = Callable[[Any], Any]
type Make = Callable[[Field], Reader]

_FAILURES = (
    ValueError,
    TypeError,
    OverflowError,
    ArithmeticError,
    AttributeError,
    IndexError,
    KeyError,
    RecursionError,
)
"""What the libraries raise for a text that is no value."""


class YearMonth(NamedTuple):
    """A month of a year."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"yearmonth(year={self.year}, month={self.month})"


class GeoPoint(NamedTuple):
    """Longitude, then latitude, in degrees."""

    lon: Decimal
    lat: Decimal

    def __str__(self) -> str:
        return str([float(self.lon), float(self.lat)])


def value_reader(field: Field) -> Reader:
    """What turns a cell of ``field`` into its value, or into None when the cell has not the type. Missing values are not its business."""
    return MAKERS[field.type](field)


def _string(field: Field) -> Reader:
    test = TEXT_FORMATS.get(field.format)
    if test is None:
        return lambda cell: cell if isinstance(cell, str) else None
    return lambda cell: cell if isinstance(cell, str) and test(cell) else None


def _bare(text: str) -> str:
    """A number without what is around its digits (``12 €``).

    Validata's expression, ``((^[^-\\d]*)|(\\D*$))``, tells the same in a time that is the square of the text's length.
    """
    start, end = 0, len(text)
    while start < end and text[start] != "-" and not text[start].isdecimal():
        start += 1
    while end > start and not text[end - 1].isdecimal():
        end -= 1
    return text[start:end]


def _integer(field: Field) -> Reader:
    bare = field.bare_number

    def read(cell: Any) -> int | None:
        if isinstance(cell, str):
            text = cell.strip() if bare else _bare(cell.strip())
            try:
                return int(text)
            except ValueError:
                return None
        if isinstance(cell, bool) or not isinstance(cell, (int, float, Decimal)):
            return None
        return int(cell) if cell == cell and abs(cell) != float("inf") and cell % 1 == 0 else None

    return read


def _number(field: Field) -> Reader:
    primary, secondary = (float, Decimal) if field.float_number else (Decimal, float)

    def prepared(text: str) -> str | None:
        if not field.bare_number:
            text = _bare(text)
        text = text.replace(field.group_char, "")
        if field.decimal_char != "." and "." in text:
            return None
        return text.replace(field.decimal_char, ".")

    def read(cell: Any) -> Any:
        if isinstance(cell, str):
            text: str | None = cell.strip()
            if field.declares_number:
                text = prepared(cell.strip())
            try:
                return None if text is None else primary(text)
            except (ValueError, InvalidOperation):
                return None
        if isinstance(cell, primary) or (isinstance(cell, int) and not isinstance(cell, bool)):
            return cell
        if isinstance(cell, secondary):
            return primary(str(cell)) if primary is Decimal else primary(cell)
        return None

    return read


def _boolean(field: Field) -> Reader:
    values = dict.fromkeys(field.true_values, True) | dict.fromkeys(field.false_values, False)

    def read(cell: Any) -> bool | None:
        if isinstance(cell, bool):
            return cell
        return values.get(cell) if isinstance(cell, str) else None

    return read


def _guarded(parse: Callable[[str], Any], kind: type) -> Reader:
    """A reader that takes values of ``kind`` as they are and parses texts."""

    def read(cell: Any) -> Any:
        if not isinstance(cell, str):
            return cell if isinstance(cell, kind) else None
        try:
            return parse(cell)
        except _FAILURES:
            return None

    return read


def _zone(name: str | None, offset: int | None) -> dt.tzinfo | None:
    """The zone that a text names by its offset; names alone are not guessed from the machine's own zone."""
    return None if offset is None else tz.tzoffset(name, offset)


def _lenient(text: str) -> dt.datetime:
    moment: dt.datetime = dates.parse(text, tzinfos=_zone)
    return moment


def _by_pattern(text: str, pattern: str) -> dt.datetime:
    return dt.datetime.strptime(text, pattern)  # noqa: DTZ007 the pattern says whether there is a zone


def _date(field: Field) -> Reader:
    pattern = "%Y-%m-%d" if field.format == "default" else field.format
    if pattern == "any":
        return _of_a_day(_guarded(lambda text: _lenient(text).date(), dt.date))
    return _of_a_day(_guarded(lambda text: _by_pattern(text, pattern).date(), dt.date))


def _of_a_day(read: Reader) -> Reader:
    """The same for cells that are moments: midnight is a date, any other hour is none."""

    def day(cell: Any) -> Any:
        if not isinstance(cell, dt.datetime):
            return read(cell)
        return None if (cell.hour, cell.minute, cell.second) != (0, 0, 0) else cell.date()

    return day


def _datetime(field: Field) -> Reader:
    def iso(text: str) -> dt.datetime | None:
        return dates.isoparse(text) if len(text) >= 19 and text[16] == ":" else None

    return _moment(field, iso, lambda moment: moment, dt.datetime)


def _time(field: Field) -> Reader:
    def iso(text: str) -> dt.time | None:
        return dates.isoparse(f"2000-01-01T{text}").timetz() if len(text) >= 8 and text[5] == ":" else None

    return _moment(field, iso, lambda moment: moment.timetz(), dt.time)


def _moment(field: Field, iso: Reader, part: Callable[[dt.datetime], Any], kind: type) -> Reader:
    if field.format == "default":
        return _guarded(iso, kind)
    if field.format == "any":
        return _guarded(lambda text: part(_lenient(text)), kind)
    return _guarded(lambda text: part(_by_pattern(text, field.format)), kind)


def _year(_: Field) -> Reader:
    def read(cell: Any) -> int | None:
        if isinstance(cell, str):
            if len(cell) != 4:
                return None
            try:
                cell = int(cell)
            except ValueError:
                return None
        return cell if isinstance(cell, int) and 0 <= cell <= 9999 else None

    return read


def _yearmonth(_: Field) -> Reader:
    def read(cell: Any) -> YearMonth | None:
        if isinstance(cell, list):
            return YearMonth(*cell) if len(cell) == 2 else None
        try:
            year, month = (int(part) for part in cell.split("-"))
        except _FAILURES:
            return None
        return YearMonth(year, month) if 1 <= month <= 12 else None

    return read


def _duration(_: Field) -> Reader:
    def read(cell: Any) -> Any:
        if isinstance(cell, dt.timedelta):
            return Decimal(0), cell
        return parse_duration(cell) if isinstance(cell, str) else None

    return read


def _pair(text: str, form: str) -> tuple[Any, Any]:
    """Longitude and latitude as written; ValueError and its like when there are not two."""
    if form == "default":
        lon, lat = text.split(",")
        return lon.strip(), lat.strip()
    parsed = json.loads(text)
    if form == "array":
        lon, lat = parsed
        return lon, lat
    if form == "object" and len(parsed) == 2:
        return parsed["lon"], parsed["lat"]
    raise ValueError(form)


def _geopoint(field: Field) -> Reader:
    def read(cell: Any) -> GeoPoint | None:
        try:
            lon, lat = _pair(cell, field.format) if isinstance(cell, str) else cell
            point = GeoPoint(Decimal(lon), Decimal(lat))
            inside = -180 <= point.lon <= 180 and -90 <= point.lat <= 90
        except _FAILURES:
            return None
        return point if inside else None

    return read


def _parsed(kind: type) -> Reader:
    """A reader of JSON of one kind."""

    def read(cell: Any) -> Any:
        if isinstance(cell, str):
            try:
                cell = json.loads(cell)
            except (ValueError, RecursionError):
                return None
        return cell if isinstance(cell, kind) else None

    return read


def _array(_: Field) -> Reader:
    return _parsed(list)


def _object(_: Field) -> Reader:
    return _parsed(dict)


def _geojson(field: Field) -> Reader:
    parse, test = _parsed(dict), OBJECT_FORMATS[field.format]

    def read(cell: Any) -> dict[str, Any] | None:
        value = parse(cell)
        try:
            return value if value is not None and test(value) else None
        except RecursionError:
            return None

    return read


def _any(_: Field) -> Reader:
    return lambda cell: cell


MAKERS: Mapping[str, Make] = {
    "string": _string,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "time": _time,
    "year": _year,
    "yearmonth": _yearmonth,
    "duration": _duration,
    "geopoint": _geopoint,
    "geojson": _geojson,
    "object": _object,
    "array": _array,
    "any": _any,
}
"""Type → what makes its reader."""
