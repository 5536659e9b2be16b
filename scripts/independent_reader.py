"""A careful reader of tables that knows nothing of Parvis: what ``league.py`` compares readings with.

The rows of a file by the standard library, pandas (workbooks) and Arrow; which types a person would accept for a column; whether
a cell of a version says what the file says. It is wide where two readings are right (a code may be a number or text), and
tells nothing where it cannot read (maps, archives of several files, XML).
"""

from __future__ import annotations

import csv
import datetime
import gzip
import io
import json
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas
import pyarrow.parquet

csv.field_size_limit(1_000_000_000)
_PREAMBLE = 15
"""Lines among which a header is looked for."""
_ENGINES: dict[str, Any] = {".xlsx": "openpyxl", ".xls": "xlrd", ".ods": "odf"}
_WORDS = (
    "- – — -- . .. … ? * nd n.d. n/d nc n.c. na n.a. n/a <na> null none nan \\n s ss c ns so s.o. #n/a #ref! #div/0! #value! / ///"
    " secret inconnu aucun"
)
_MISSING = frozenset(_WORDS.split()) | {
    "",
    "non renseigné",
    "non disponible",
    "non connu",
    "non connue",
    "non communiqué",
    "non concerné",
    "sans objet",
}
"""What says that there is no value, in small letters."""
_INT = re.compile(r"[+-]?\d{1,18}")
_NUMBER = re.compile(
    r"[+−-]?(?:\d+|\d{1,3}(?:[ \u00a0\u202f]\d{3})+)?(?:[.,]\d*)?(?:[eE][+-]?\d+)?[ \u00a0\u202f]?[%€]?"
)
_DATE = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})")
_INSTANT = re.compile(
    r"(?:\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}/\d{1,2}/\d{4})[T ]\d{1,2}[:h]\d{2}\S*(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?"
)
_COMPACT = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d(?:-(?:0[1-9]|1[0-2]))?")
_POINT = re.compile(r"\[?\(?-?\d{1,3}\.\d+\s*[,; ]\s*-?\d{1,3}\.\d+\)?\]?")
_SHAPE = re.compile(r"(?:MULTI)?(?:POINT|LINESTRING|POLYGON) ?Z? ?\(.*", re.IGNORECASE | re.DOTALL)
_NAMES = re.compile(
    r"siret|siren|insee|post_?code|city_?code|codepostal|\b(?:postal|cp|tel|téléphone|telephone)\b|code[ _](?:insee|postal|commune)",
    re.IGNORECASE,
)
_CODES = re.compile(
    r"\b(?:id\w*|uid|codes?|cod|num\w*|n°|no|n|ref\w*|réf\w*|zip|uai|finess|iris|dep\w*|dép\w*|dpt|reg\w*|rég\w*|com\w*|arr\w*|canton|type|classe|"
    r"niveau|zone|epci|ape|naf|cl[eé]|parcelle|compte|article|lot|geo\w*|fid|objectid|version|isbn|cog|circo\w*|bureau|section|tranche|siege)\b",
    re.IGNORECASE,
)
_BOOLEANS = ({"true", "false"}, {"oui", "non"}, {"vrai", "faux"}, {"yes", "no"}, {"o", "n"}, {"0", "1"}, {"t", "f"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """The header of a table and its rows, as text."""

    header: list[str]
    rows: list[list[str]]
    texts: frozenset[str] = frozenset()
    """Headers of the columns that the format itself says are of text (strings of JSON and Parquet)."""

    def column(self, rank: int) -> list[str]:
        """The cells under a header, empty where a line is short."""
        return [row[rank] if rank < len(row) else "" for row in self.rows]


def read(path: Path) -> Sheet | None:
    """The table of a file; None when this reader does not know its format. Raises what the libraries raise."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    content = path.read_bytes()
    if suffixes[-1:] == [".gz"]:
        content, suffixes = gzip.decompress(content), suffixes[:-1]
    suffix = suffixes[-1] if suffixes else ""
    if suffix in (".csv", ".tsv", ".txt"):
        return _headed(_lines(content))
    if suffix in _ENGINES:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of openpyxl, about styles
            sheets = pandas.read_excel(
                io.BytesIO(content),
                sheet_name=None,
                header=None,
                dtype=object,
                keep_default_na=False,
                engine=_ENGINES[suffix],
            )
        tables = [[[_text(cell) for cell in row] for row in frame.itertuples(index=False)] for frame in sheets.values()]
        return _headed(next((rows for rows in tables if any(any(row) for row in rows)), []))
    if suffix in (".json", ".geojson"):
        return _of_records(_records(json.loads(content.decode("utf-8-sig"))))
    if suffix == ".parquet":
        return _of_records(pyarrow.parquet.read_table(io.BytesIO(content)).to_pylist())
    return None


def _lines(content: bytes) -> list[list[str]]:
    """The lines of a text, cut at the sign that gives the most of them the same width."""
    for encoding in ("utf-16", "utf-8-sig", "cp1252", "latin-1"):
        if encoding == "utf-16" and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    cut = []
    for sign in ";,\t|":
        rows = [
            row
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign)
            if any(cell.strip() for cell in row)
        ]
        width, count = Counter(map(len, rows)).most_common(1)[0] if rows else (0, 0)
        cut.append(((width > 1, count > 0.9 * len(rows), width if count > 0.9 * len(rows) else 0, count), rows))
    return max(cut, key=lambda pair: pair[0])[1]


def _headed(rows: list[list[str]]) -> Sheet:
    """The first line that fills most of the width is the header, unless it holds numbers; what is above it is a title."""
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    width = Counter(filled).most_common(1)[0][0] if filled else 0
    first = next((rank for rank, count in enumerate(filled[:_PREAMBLE]) if count >= 0.6 * width), 0)
    if not rows or any(_is_number(cell.strip()) and not _YEAR.fullmatch(cell.strip()) for cell in rows[first]):
        return Sheet([""] * max(map(len, rows), default=0), rows[first:])
    return Sheet([" ".join(cell.split()) for cell in rows[first]], rows[first + 1 :])


def _records(body: Any) -> list[dict[str, Any]]:
    """The longest list of records, or the properties of features."""
    while isinstance(body, dict):
        if body.get("type") == "FeatureCollection":
            return [feature.get("properties") or {} for feature in body["features"]]
        lists = [value for value in body.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
        inner = [value for value in body.values() if isinstance(value, dict)]
        body = max(lists, key=len) if lists else inner[0] if len(inner) == 1 else []
    return [row for row in body if isinstance(row, dict)]


def _of_records(records: list[dict[str, Any]]) -> Sheet:
    """Records whose values are plain; nested ones are not compared."""
    keys = dict.fromkeys(key for record in records for key in record)
    plain = [key for key in keys if not any(isinstance(record.get(key), dict | list) for record in records)]
    texts = frozenset(key for key in plain if any(isinstance(record.get(key), str) for record in records))
    cells = [
        [repr(v) if isinstance(v := record.get(key), float) and v == v else _text(v) for key in plain]
        for record in records
    ]
    return Sheet(plain, cells, texts)


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and value != value) or value is pandas.NaT:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    return str(value)


def accepted_types(header: str, cells: Iterable[str]) -> set[str]:
    """The types of Parvis that a person would accept for these cells; none where any would do."""
    values = [bare for cell in cells if (bare := cell.strip()).lower() not in _MISSING]
    if not values:
        return set()
    words = re.sub(r"[_.\-]|(?<=[a-z])(?=[A-Z])", " ", header)
    if any({value.lower() for value in values} <= pair for pair in _BOOLEANS):
        return {"boolean", "int", "double", "text"} if len(values[0]) == 1 else {"boolean"}
    rules: tuple[tuple[Callable[[str], object], set[str]], ...] = (
        (_COMPACT.fullmatch, {"date", "int", "text"}),
        (_YEAR.fullmatch, {"int", "date", "text"} if _CODES.search(words) else {"int", "date"}),
        (_DATE.fullmatch, {"date"}),
        (lambda value: _INSTANT.fullmatch(value) or _DATE.fullmatch(value), {"datetime", "date"}),
        (_POINT.fullmatch, {"geo_point_2d"}),
        (_SHAPE.fullmatch, {"geo_shape", "geo_point_2d"}),
        (lambda value: value[:1] + value[-1:] in ("{}", "[]"), {"json_blob", "text", "geo_shape", "geo_point_2d"}),
    )
    for rule, types in rules:
        if all(map(rule, values)):
            return types
    if all(map(_is_number, values)):
        return _accepted_numbers(words, values)
    return {"text"}


def _is_number(text: str) -> bool:
    return any(character.isdigit() for character in text) and _NUMBER.fullmatch(text) is not None


def _accepted_numbers(words: str, values: list[str]) -> set[str]:
    if any(
        re.match(r"[+-]?0\d", value) or len(re.sub(r"\D", "", re.split(r"[.,]", value)[0])) > 15 for value in values
    ):
        return {"text"}
    named = {"text"} if _CODES.search(words) else set()
    if all(map(_INT.fullmatch, values)):
        return {"text"} if _NAMES.search(words) else {"int", *named}
    whole = all(re.fullmatch(r"\D*[\d \u00a0\u202f]+(?:[.,]0*)?\D*", value) for value in values)
    return {"double", *named} | ({"int"} if whole else set())


def is_same(cell: str, value: Any, kind: str) -> bool:
    """Whether the value of a version says what the cell of the file says."""
    bare = " ".join(cell.split())
    if value is None:
        return bare.lower() in _MISSING
    if kind in ("int", "double"):
        number = _number(bare)
        return number is not None and abs(number - float(value)) <= 1e-9 * max(1.0, abs(number))
    if kind == "boolean":
        return (bare.lower() in ("true", "vrai", "oui", "yes", "o", "t", "1")) == bool(value)
    if kind in ("date", "datetime"):
        return _is_same_day(bare, value)
    if isinstance(value, list):
        return all(str(part).strip() in bare for part in value)
    return kind in ("geo_point_2d", "geo_shape", "json_blob") or " ".join(str(value).split()) == bare


def _number(text: str) -> float | None:
    bare = re.sub(r"[ \u00a0\u202f€%]", "", text).replace("−", "-")
    bare = bare.replace(",", "") if re.search(r",\d{3}\.", bare) else bare.replace(",", ".")
    try:
        return float(bare)
    except ValueError:
        return None


def _is_same_day(text: str, value: Any) -> bool:
    """The same day, or the one beside it where a time zone moves it; a year or a month when no more is written."""
    parts = re.findall(r"\d+", text)
    day = value.date() if isinstance(value, datetime.datetime) else value
    if _COMPACT.fullmatch(text):
        parts = [text[:4], text[4:6], text[6:]]
    if len(parts) < 3:
        return str(day.year) in text
    first, month, last = parts[:3]
    year, number = (first, last[:2]) if len(first) == 4 else (last if len(last) == 4 else str(day.year), first)
    return any(
        (int(year), int(m), int(d)) == (day.year, day.month, day.day) for m, d in ((month, number), (number, month))
    ) or (
        isinstance(value, datetime.datetime)
        and abs((datetime.date(int(year), int(month), int(number)) - day).days) <= 1
    )
