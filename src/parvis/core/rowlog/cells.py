"""What one cell of a pushed row may say for its column: read exactly, or refused with its reason. Nothing is guessed."""

from __future__ import annotations

import json
import math
import re
import struct
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa

from parvis.core.columns import Column, ColumnType
from parvis.core.translation import Sentence, gettext_noop

LONGEST_TEXT = 100_000
"""Characters of a cell."""
MOST_POSITIONS = 100_000
"""Positions of a shape."""

_INT = re.compile(r"[+-]?\d{1,19}")
_DOUBLE = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,3})?")
_FRENCH_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
_BOOLEANS = {
    "true": True,
    "vrai": True,
    "oui": True,
    "1": True,
    "false": False,
    "faux": False,
    "non": False,
    "0": False,
}
_DEPTHS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
_DEEPEST = 20


class WrongCell(Exception):
    """The value is none of its column's; ``reason`` says what would be."""

    def __init__(self, reason: str, **details: str | int) -> None:
        self.reason = Sentence(reason, details)
        super().__init__(reason)


_NOT_TEXT = gettext_noop("un texte est attendu : écrivez la valeur entre guillemets, pour qu’un code garde ses zéros")
_TOO_LONG = gettext_noop("plus de {most} caractères")
_NO_CHARACTER = gettext_noop("un caractère qui n’en est pas un")
_NOT_INT = gettext_noop("un nombre entier est attendu")
_NOT_NUMBER = gettext_noop("un nombre est attendu")
_NOT_BOOLEAN = gettext_noop("vrai ou faux (true, false) est attendu")
_NOT_DATE = gettext_noop("une date est attendue : AAAA-MM-JJ")
_NOT_MOMENT = gettext_noop("une date et une heure sont attendues : 2026-03-01T14:05:00+01:00")
_NO_OFFSET = gettext_noop("l’heure doit dire son décalage : terminez-la par Z ou +01:00")
_NOT_POINT = gettext_noop("un point est attendu : {example}")
_NOT_PLACE = gettext_noop("ces coordonnées ne sont pas sur la Terre (longitude de −180 à 180, latitude de −90 à 90)")
_NOT_SHAPE = gettext_noop("une géométrie GeoJSON est attendue")
_TOO_MANY_POSITIONS = gettext_noop("plus de {most} positions")
_NOT_LIST = gettext_noop("une liste de textes est attendue")
_NO_FILE = gettext_noop("une colonne de fichiers ne se remplit pas ligne à ligne")

_POINT = '{"lon": 2.38, "lat": 48.65}'


def _text(value: Any, column: Column) -> str:
    if not isinstance(value, str):
        raise WrongCell(_NOT_TEXT)
    if len(value) > LONGEST_TEXT:
        raise WrongCell(_TOO_LONG, most=LONGEST_TEXT)
    if "\0" in value or not _is_unicode(value):
        raise WrongCell(_NO_CHARACTER)
    return value


def _is_unicode(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True


def _int(value: Any, column: Column) -> int:
    if (isinstance(value, str) and _INT.fullmatch(value.strip())) or (
        isinstance(value, float) and value.is_integer() and abs(value) < 2**53
    ):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**63) <= value < 2**63:
        raise WrongCell(_NOT_INT)
    return value


def _double(value: Any, column: Column) -> float:
    if isinstance(value, str) and _DOUBLE.fullmatch(value.strip()):
        value = float(value.replace(",", "."))
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WrongCell(_NOT_NUMBER)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise WrongCell(_NOT_NUMBER)
    return number


def _boolean(value: Any, column: Column) -> bool:
    if isinstance(value, bool):
        return value
    read = _BOOLEANS.get(str(value).strip().lower()) if isinstance(value, str | int) else None
    if read is None:
        raise WrongCell(_NOT_BOOLEAN)
    return read


def _date(value: Any, column: Column) -> date:
    text = value.strip() if isinstance(value, str) else ""
    french = _FRENCH_DAY.fullmatch(text)
    try:
        if french:
            return date(int(french[3]), int(french[2]), int(french[1]))
        if len(text) != 10:
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise WrongCell(_NOT_DATE) from None


def _datetime(value: Any, column: Column) -> datetime:
    try:
        moment = datetime.fromisoformat(value.strip())
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (AttributeError, ValueError, OverflowError):
        raise WrongCell(_NOT_MOMENT) from None
    raise WrongCell(_NO_OFFSET)


def _point(value: Any, column: Column) -> bytes:
    longitude, latitude = _position(_point_of(value))
    return struct.pack("<BIdd", 1, 1, longitude, latitude)


def _point_of(value: Any) -> Sequence[Any]:
    if isinstance(value, str):
        if value.lstrip().startswith("{"):
            value = _json(value)
        else:
            parts = value.split(",")
            if len(parts) == 2 and all(_DOUBLE.fullmatch(part.strip()) for part in parts):
                return [float(parts[1]), float(parts[0])]
    if isinstance(value, Mapping):
        if value.get("type") == "Point" and isinstance(value.get("coordinates"), list):
            return list(value["coordinates"])
        if value.keys() >= {"lon", "lat"}:
            return [value["lon"], value["lat"]]
    raise WrongCell(_NOT_POINT, example=_POINT)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _position(value: Any) -> tuple[float, float]:
    if not isinstance(value, list) or not 2 <= len(value) <= 4:
        raise WrongCell(_NOT_SHAPE)
    if any(isinstance(number, bool) or not isinstance(number, int | float) for number in value):
        raise WrongCell(_NOT_SHAPE)
    longitude, latitude = value[0], value[1]
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):  # what is no number is refused too
        raise WrongCell(_NOT_PLACE)
    return float(longitude), float(latitude)


def _shape(value: Any, column: Column) -> str:
    if isinstance(value, str):
        value = _json(value)
    if isinstance(value, Mapping) and value.get("type") == "Feature":
        value = value.get("geometry")
    return json.dumps(_geometry(value, [0], 0), separators=(",", ":"))


def _geometry(value: Any, count: list[int], depth: int) -> dict[str, Any]:
    """The same geometry, of the members of GeoJSON alone, each position in two dimensions."""
    if not isinstance(value, Mapping) or depth > _DEEPEST:
        raise WrongCell(_NOT_SHAPE)
    kind = value.get("type")
    if kind == "GeometryCollection" and isinstance(value.get("geometries"), list):
        return {"type": kind, "geometries": [_geometry(one, count, depth + 1) for one in value["geometries"]]}
    if kind not in _DEPTHS:
        raise WrongCell(_NOT_SHAPE)
    rings = "Polygon" in kind
    return {
        "type": kind,
        "coordinates": _coordinates(value.get("coordinates"), _DEPTHS[kind], count, rings=rings, line="Line" in kind),
    }


def _coordinates(value: Any, depth: int, count: list[int], *, rings: bool, line: bool) -> list[Any]:
    if not depth:
        count[0] += 1
        if count[0] > MOST_POSITIONS:
            raise WrongCell(_TOO_MANY_POSITIONS, most=MOST_POSITIONS)
        return list(_position(value))
    if not isinstance(value, list) or not value:
        raise WrongCell(_NOT_SHAPE)
    inner = [_coordinates(one, depth - 1, count, rings=rings, line=line) for one in value]
    if depth == 1 and ((rings and (len(inner) < 4 or inner[0] != inner[-1])) or (line and len(inner) < 2)):
        raise WrongCell(_NOT_SHAPE)
    return inner


def _list(value: Any, column: Column) -> list[str]:
    if isinstance(value, str):
        separator = column.annotations.get("multivalued")
        value = [part.strip() for part in value.split(separator if isinstance(separator, str) else ",")]
    if not isinstance(value, list):
        raise WrongCell(_NOT_LIST)
    return [_text(one, column) for one in value if one not in ("", None)]


def _blob(value: Any, column: Column) -> str:
    if isinstance(value, str) and (read := _json(value)) is not None:
        value = read
    return _text(json.dumps(value, ensure_ascii=False, separators=(",", ":")), column)


def _file(value: Any, column: Column) -> Any:
    raise WrongCell(_NO_FILE)


type Reader = Callable[[Any, Column], Any]

_READERS: dict[ColumnType, tuple[Reader, pa.DataType]] = {
    ColumnType.TEXT: (_text, pa.string()),
    ColumnType.INT: (_int, pa.int64()),
    ColumnType.DOUBLE: (_double, pa.float64()),
    ColumnType.BOOLEAN: (_boolean, pa.bool_()),
    ColumnType.DATE: (_date, pa.date32()),
    ColumnType.DATETIME: (_datetime, pa.timestamp("us", "UTC")),
    ColumnType.GEO_POINT: (_point, pa.binary()),
    ColumnType.GEO_SHAPE: (_shape, pa.string()),
    ColumnType.JSON: (_blob, pa.string()),
    ColumnType.FILE: (_file, pa.string()),
}


def reader_of(column: Column) -> tuple[Reader, pa.DataType]:
    """What reads a value of that column, and how it is kept: points as well-known binary, shapes as GeoJSON.

    None and the empty text, which mean nothing, are not for it to read.
    """
    if "multivalued" in column.annotations and column.type is ColumnType.TEXT:
        return _list, pa.list_(pa.string())
    return _READERS[column.type]
