"""The rows of a body that was received: JSON, one JSON object a line, or CSV; bounded, each row on its own.

A body is small and read by the standard library alone: no parser of files is called.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, ClassVar

from parvis.core.errors import DataError
from parvis.core.translation import Sentence, gettext_noop

MOST_BYTES = 8_000_000
"""Of one body."""
MOST_ROWS = 10_000
"""Of one batch."""
MOST_CELLS = 500_000
"""Of one batch."""

OPERATION = "_operation"
"""The member of a row that says what to do of it."""
PUT, MERGE, DELETE = "put", "merge", "delete"
"""Put the row as it is, change of a row the columns that it tells, take it away."""

JSON_TYPE, LINES_TYPES, CSV_TYPE = "application/json", ("application/x-ndjson", "application/jsonl"), "text/csv"


class NoRows(DataError):
    """The body is none of those that hold rows."""

    code: ClassVar[str] = "rows-unreadable"
    status: ClassVar[int] = 400
    sentence: ClassVar[str] = gettext_noop("Les lignes ne peuvent pas être lues : {reason}.")
    advice: ClassVar[str] = gettext_noop(
        "Envoyez une liste d’objets JSON, un objet JSON par ligne (application/x-ndjson), ou un CSV (text/csv) en UTF-8."
    )


class TooManyRows(DataError):
    """A batch is larger than what is taken at once."""

    code: ClassVar[str] = "rows-many"
    status: ClassVar[int] = 413
    sentence: ClassVar[str] = gettext_noop("Ce lot est trop grand : {what}.")
    advice: ClassVar[str] = gettext_noop("Envoyez-le en plusieurs lots, ou importez-le comme un fichier.")


class Unreadable(Exception):
    """One row of the body that is none; what it said."""


type Row = dict[str, Any]


def rows_of_body(body: bytes, media_type: str) -> list[Row | Unreadable]:
    """The rows of a body, in order, those that are none told as such. NoRows, TooManyRows."""
    if len(body) > MOST_BYTES:
        raise TooManyRows(what=Sentence(gettext_noop("plus de {most} octets"), {"most": MOST_BYTES}))
    kind = media_type.partition(";")[0].strip().lower()
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NoRows(
            reason=Sentence(gettext_noop("l’octet {place} n’est pas de l’UTF-8"), {"place": error.start})
        ) from error
    if kind == CSV_TYPE:
        rows = _of_csv(text)
    elif kind in LINES_TYPES:
        rows = _of_lines(text)
    else:
        rows = _of_json(text)
    read: list[Row | Unreadable] = []
    cells = 0
    for row in rows:
        cells += len(row) if isinstance(row, dict) else 1
        if len(read) >= MOST_ROWS:
            raise TooManyRows(what=Sentence(gettext_noop("plus de {most} lignes"), {"most": MOST_ROWS}))
        if cells > MOST_CELLS:
            raise TooManyRows(what=Sentence(gettext_noop("plus de {most} cellules"), {"most": MOST_CELLS}))
        read.append(row)
    return read


def _of_json(text: str) -> Iterator[Row | Unreadable]:
    try:
        body = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise NoRows(reason=_where(error)) from error
    if isinstance(body, dict):
        body = body["rows"] if isinstance(body.get("rows"), list) else [body]
    if not isinstance(body, list):
        raise NoRows(reason=Sentence(gettext_noop("une liste d’objets est attendue")))
    for row in body:
        yield row if isinstance(row, dict) else Unreadable(str(row)[:80])


def _of_lines(text: str) -> Iterator[Row | Unreadable]:
    for line in text.split("\n"):
        if not line.strip():
            continue
        try:
            row = json.loads(line, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            row = None
        yield row if isinstance(row, dict) else Unreadable(line.strip()[:80])


def _of_csv(text: str) -> Iterator[Row | Unreadable]:
    first = text.partition("\n")[0]
    separator = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        header = next(reader, None)
        if not header or len(set(header)) != len(header):
            raise NoRows(reason=Sentence(gettext_noop("la première ligne du CSV doit nommer chaque colonne une fois")))
        for cells in reader:
            if not any(cells):
                continue
            whole = len(cells) == len(header)
            yield dict(zip(header, cells, strict=True)) if whole else Unreadable(separator.join(cells)[:80])
    except csv.Error as error:
        raise NoRows(reason=Sentence(gettext_noop("CSV, ligne {line}"), {"line": reader.line_num})) from error


def _no_constant(name: str) -> Any:
    raise ValueError(name)  # NaN and Infinity are no JSON


def _where(error: Exception) -> Sentence:
    if isinstance(error, json.JSONDecodeError):
        place = {"line": error.lineno, "column": error.colno}
        return Sentence(gettext_noop("ce n’est pas du JSON (ligne {line}, colonne {column})"), place)
    return Sentence(gettext_noop("ce n’est pas du JSON"))
