"""Answers as a table: a row each, a column for each question, texts as people read them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from parvis.core.surveys.model import Field, Form, Kind

BETWEEN = " | "
"""Between the choices of one cell."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: its name, what people read above it, and the type under which it must be read (empty: as it looks)."""

    name: str
    label: str
    kind: str = ""


def columns_of(form: Form, *, photos: bool = False) -> list[Column]:
    """The receipt, the date, then a column or two for each question; those of photos when they are open."""
    columns = [Column("recu", "Numéro de reçu", "text"), Column("date_reponse", "Date de la réponse")]
    for question in form.fields:
        columns += _columns(question, photos=photos)
    return columns


def _columns(question: Field, *, photos: bool) -> Iterator[Column]:
    name, label = question.name, question.label
    if question.kind is Kind.POINT:
        yield Column(f"{name}_latitude", f"{label} (latitude)")
        yield Column(f"{name}_longitude", f"{label} (longitude)")
        yield Column(f"{name}_adresse", f"{label} (adresse)", "text")
    elif question.kind is Kind.REPEAT:
        yield Column(f"{name}_nombre", f"{label} (nombre)")
        yield Column(name, label, "text")
    elif question.kind is not Kind.NOTE and (question.kind is not Kind.PHOTO or photos):
        yield Column(name, label, "text" if question.kind in _TEXTS else "")


_TEXTS = (Kind.TEXT, Kind.LONG_TEXT, Kind.ONE, Kind.SEVERAL, Kind.TIME, Kind.PHOTO)


def row_of(
    form: Form, receipt: str, day: str, values: Mapping[str, Any], photo_address: Callable[[str], str] | None = None
) -> list[Any]:
    """The cells of one answer, as ``columns_of`` names them; ``photo_address`` gives where a photo is, None leaves photos out."""
    cells: list[Any] = [receipt, day]
    for question in form.fields:
        cells += _cells(question, values.get(question.name), photo_address)
    return cells


def _cells(question: Field, value: Any, photo_address: Callable[[str], str] | None) -> Sequence[Any]:
    if question.kind is Kind.NOTE or (question.kind is Kind.PHOTO and photo_address is None):
        return ()
    if question.kind is Kind.POINT:
        place = value or {}
        return place.get("latitude"), place.get("longitude"), place.get("address")
    if question.kind is Kind.REPEAT:
        entries = [_entry(question, row, photo_address) for row in value or ()]
        return len(entries), json.dumps(entries, ensure_ascii=False) if entries else None
    return (None if value is None else _cell(question, value, photo_address),)


def _cell(question: Field, value: Any, photo_address: Callable[[str], str] | None) -> Any:
    if question.kind is Kind.ONE:
        return question.label_of(value)
    if question.kind is Kind.SEVERAL:
        return BETWEEN.join(question.label_of(item) for item in value)
    if question.kind in (Kind.LINE, Kind.AREA):
        return json.dumps(value)
    return photo_address(value) if question.kind is Kind.PHOTO and photo_address else value


def _entry(group: Field, row: Mapping[str, Any], photo_address: Callable[[str], str] | None) -> dict[str, Any]:
    """An entry of a group, by names of questions: those that were answered."""
    return {
        item.name: row[item.name] if item.kind in _AS_THEY_ARE else _cell(item, row[item.name], photo_address)
        for item in group.fields
        if item.name in row and (item.kind is not Kind.PHOTO or photo_address is not None)
    }


_AS_THEY_ARE = (Kind.POINT, Kind.LINE, Kind.AREA)


def photos_of(form: Form, values: Mapping[str, Any]) -> list[str]:
    """The keys of the photos of an answer."""
    keys = []
    for question in form.fields:
        value = values.get(question.name)
        if question.kind is Kind.PHOTO and value:
            keys.append(value)
        elif question.kind is Kind.REPEAT:
            names = [item.name for item in question.fields if item.kind is Kind.PHOTO]
            keys += [row[name] for row in value or () for name in names if row.get(name)]
    return keys
