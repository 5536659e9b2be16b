"""What a CKAN, a udata or a Data Fair tells of one dataset asked alone, for it to be compared with ours. Run in a confined child.

Nothing of what reads their catalogues serves here but the types of fields: the same answer would else be wrong twice in the same way.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from parvis.core.columns import Column, ColumnType
from parvis.core.identifiers import column_names
from parvis.core.sources.answers import decoded, json_answer, json_object, unreadable
from parvis.core.sources.data_fair import schema_fields
from parvis.core.sources.errors import UnreadableAnswer
from parvis.core.sources.fingerprints import LONGEST_CELL, TableSum, sum_of_texts
from parvis.core.sources.vocabulary import licence_slug
from parvis.core.translation import Sentence, gettext_noop

MOST_DOCUMENTS: Final = 1_000
_HEAD: Final = 200_000


@dataclass(frozen=True, slots=True)
class FarDocument:
    """A file or link of a dataset there."""

    id: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class FarCard:
    """A dataset there: texts as they are written; ``licence`` is a slug of ours, empty for another."""

    name: str = ""
    title: str = ""
    text: str = ""
    words: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    licence: str = ""
    is_restricted: bool = False
    documents: tuple[FarDocument, ...] = ()
    usage: Mapping[str, int] = field(default_factory=dict)
    following: str = ""
    """Where more of its documents are."""


@dataclass(frozen=True, slots=True)
class FarFields:
    """The fields of a table as JSON, as the Explore API writes them, and their names there in the same order."""

    text: str = "[]"
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FarPage:
    """Where the next page of lines is, empty after the last."""

    following: str = ""
    total: int | None = None


@dataclass(frozen=True, slots=True)
class FarValues:
    """How many lines have each value of a column; empty when not all of them are told."""

    counts: Mapping[str, int] = field(default_factory=dict)


_NOT_ONE = gettext_noop("un jeu de données est attendu")


def package_card(answer: Path) -> FarCard:
    """Of ``package_show``."""
    body = json_object(answer)
    package = body.get("result")
    if body.get("success") is not True or not isinstance(package, dict):
        raise unreadable(_NOT_ONE)
    licences = [_text(package.get(name)) for name in ("license_id", "license_url", "license_title")]
    tracked = package.get("tracking_summary")
    total = tracked.get("total") if isinstance(tracked, dict) else None
    return FarCard(
        name=_text(package.get("name")),
        title=_text(package.get("title")) or _text(package.get("name")),
        text=_text(package.get("notes")),
        words=tuple(_text(row.get("display_name") or row.get("name")) for row in _rows(package.get("tags"))),
        themes=tuple(_text(row.get("title") or row.get("display_name")) for row in _rows(package.get("groups"))),
        licence=licence_slug(*licences),
        is_restricted=package.get("private") is True,
        documents=tuple(
            FarDocument(_text(row.get("id")), _text(row.get("name")), _text(row.get("url")))
            for row in _rows(package.get("resources"))[:MOST_DOCUMENTS]
            if row.get("state") in (None, "", "active")
        ),
        usage={"views": total} if isinstance(total, int) else {},
    )


def udata_card(answer: Path) -> FarCard:
    """Of ``/api/2/datasets/<id>/``, or of ``/api/1`` on a site that has no other: resources are a list, or where they are."""
    body = json_object(answer)
    if not isinstance(body.get("id"), str):
        raise unreadable(_NOT_ONE)
    parts = body.get("resources")
    metrics = body.get("metrics")
    counted = ("views", "resources_downloads", "followers", "reuses", "discussions")
    return FarCard(
        name=_text(body.get("slug")),
        title=_text(body.get("title")),
        text=_text(body.get("description")),
        words=_words(body.get("tags")),
        licence=licence_slug(_text(body.get("license"))),
        is_restricted=bool(body.get("private")),
        documents=tuple(_udata_documents(parts)),
        usage={name: metrics[name] for name in counted if isinstance(metrics.get(name), int)}
        if isinstance(metrics, dict)
        else {},
        following=_text(parts.get("href")) if isinstance(parts, dict) else "",
    )


def udata_resources(answer: Path) -> FarCard:
    """A page of the resources of a dataset."""
    body = json_object(answer)
    return FarCard(documents=tuple(_udata_documents(body.get("data"))), following=_text(body.get("next_page")))


def _udata_documents(value: Any) -> Iterator[FarDocument]:
    for row in _rows(value)[:MOST_DOCUMENTS]:
        yield FarDocument(_text(row.get("id")), _text(row.get("title")), _text(row.get("url")))


def data_fair_card(answer: Path) -> FarCard:
    """Of ``/datasets/<id>``."""
    body = json_object(answer)
    if not isinstance(body.get("id"), str):
        raise unreadable(_NOT_ONE)
    licence = body.get("license") if isinstance(body.get("license"), dict) else {}
    original = body.get("originalFile") if isinstance(body.get("originalFile"), dict) else body.get("file")
    documents = [
        FarDocument(_text(row.get("name")) or _text(row.get("url")), _text(row.get("title")), _text(row.get("url")))
        for row in _rows(body.get("attachments"))[:MOST_DOCUMENTS]
    ]
    if isinstance(original, dict) and _text(original.get("name")):
        documents.append(FarDocument("raw", _text(original.get("name")), ""))
    return FarCard(
        name=_text(body.get("slug")) or _text(body["id"]),
        title=_text(body.get("title")),
        text=_text(body.get("description")) or _text(body.get("summary")),
        words=_words(body.get("keywords")),
        themes=tuple(_text(row.get("title")) for row in _rows(body.get("topics"))),
        licence=licence_slug(_text((licence or {}).get("href")), _text((licence or {}).get("title"))),
        is_restricted=body.get("visibility") not in (None, "", "public"),
        documents=tuple(documents),
    )


def data_fair_schema(answer: Path) -> FarFields:
    """Of ``/datasets/<id>/schema``."""
    value = json_answer(answer)
    keys, fields = schema_fields(value if isinstance(value, list) else [])
    return FarFields(json.dumps(fields, ensure_ascii=True, allow_nan=False), tuple(keys))


def data_fair_page(answer: Path) -> FarPage:
    """Of a page of lines, where the next one is."""
    body = json_object(answer)
    total = body.get("total")
    lines = body.get("results")
    return FarPage(
        _text(body.get("next")) if isinstance(lines, list) and lines else "", total if isinstance(total, int) else None
    )


def data_fair_values(answer: Path) -> FarValues:
    """Of ``/values_agg``."""
    body = json_object(answer)
    if body.get("total_other"):
        return FarValues()
    rows = _rows(body.get("aggs"))
    return FarValues(
        {
            str(row["value"]): row["total"]
            for row in rows
            if row.get("value") is not None and isinstance(row.get("total"), int)
        }
    )


def sum_of_dump(path: Path, columns: Sequence[Column]) -> TableSum:
    """The table of ``/datastore/dump``: CSV with commas, under the names of the DataStore."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        csv.field_size_limit(LONGEST_CELL)
        reader = csv.reader(stream)
        header = next(reader, [])
        shown = [name for name in header if name not in ("_id", "_full_text")]
        names = dict(zip(column_names(shown), shown, strict=True))
        places = _places(header, [names.get(column.name, "") for column in columns])
        return sum_of_texts(columns, ([row[place] for place in places] for row in reader if row))


def sum_of_lines(paths: Sequence[Path], columns: Sequence[Column], places: Sequence[int]) -> TableSum:
    """The table of pages of lines in CSV, whose columns are in the order in which they were asked."""

    def cells() -> Iterator[list[str]]:
        csv.field_size_limit(LONGEST_CELL)
        for path in paths:
            with path.open(encoding="utf-8-sig", newline="") as stream:
                reader = csv.reader(stream)
                next(reader, [])
                yield from ([row[place] for place in places] for row in reader if row)

    return sum_of_texts(columns, cells())


def sum_of_file(path: Path, columns: Sequence[Column]) -> TableSum:
    """The table of a CSV file as people write them (its separator, its alphabet, its commas); one without sum when its header is not
    that of our columns: it cannot be read by another way."""
    csv.field_size_limit(LONGEST_CELL)
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    encoding = "utf-8-sig" if decoded(head).encode() == head or head.startswith(b"\xef\xbb\xbf") else "cp1252"
    first = decoded(head).lstrip("\ufeff").partition("\n")[0]
    delimiter = max(";,\t|", key=first.count)
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        reader = csv.reader(stream, delimiter=delimiter)
        header = column_names(next(reader, []))
        if not {column.name for column in columns} <= set(header):
            return TableSum()
        places = [header.index(column.name) for column in columns]
        texts = [column.type is ColumnType.TEXT for column in columns]
        rows = (
            [_cell(row, place, is_text=is_text) for place, is_text in zip(places, texts, strict=True)]
            for row in reader
            if any(row)
        )
        return sum_of_texts(columns, rows, as_people_write=True)


def _cell(row: Sequence[str], place: int, *, is_text: bool) -> str:
    """A cell without the spaces around it; those of a text are part of it, unless there is nothing else."""
    cell = row[place] if place < len(row) else ""
    return cell if is_text and cell.strip() else cell.strip()


def _places(header: Sequence[str], names: Sequence[str]) -> list[int]:
    try:
        return [header.index(name) for name in names]
    except ValueError as error:
        reason = Sentence("l’export n’a pas les colonnes annoncées")
        raise UnreadableAnswer(file="", reason=reason) from error


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _words(value: Any) -> tuple[str, ...]:
    return tuple(word for word in value if isinstance(word, str)) if isinstance(value, list) else ()


def _rows(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
