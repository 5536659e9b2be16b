"""The rows of a dataset one by one: what tells them apart, how one is called, one by its key, those that hold some words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.errors import NotFound, ParvisError
from parvis.core.explore import ExploreRequest, records
from parvis.core.odsql import Names
from parvis.core.overlays.canonical import canonical_text
from parvis.core.schemas.model import Field
from parvis.core.text import fold
from parvis.core.versions.manifest import Manifest
from parvis.hub.datastore.selectors import described_shape, engine, whole_source_of
from parvis.hub.ui.filters import field, quoted
from parvis.hub.validation.row_keys import declared_key, found_key
from parvis.hub.validation.selectors import followed, schema_of

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

_NAMING = ("nom", "name", "libelle", "titre", "intitule", "adresse")
"""Words of a column that names rows."""

type Row = dict[str, str | None]


@dataclass(frozen=True)
class KeyedTable:
    """A dataset that has a current version, and what may be asked of its rows. Whether the caller may see them is the caller's care."""

    dataset: Dataset

    @cached_property
    def manifest(self) -> Manifest:
        """Of the whole version, whatever the site."""
        return whole_source_of(self.dataset, self.dataset.current).manifest

    @cached_property
    def shape(self) -> TableShape:
        """The columns, in the words of the card."""
        return described_shape(self.dataset, self.manifest.shape)

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """The field of the schema that each column follows, by the name of the column."""
        row = followed(self.dataset)
        if row is None or row.ref is None:
            return {}
        try:
            schema = schema_of(row.ref)
        except ParvisError:
            return {}
        headers = {name: parsing["sources"] for name, parsing in self.manifest.parsing.items()}
        pairs = ((name, schema.find(sources[0])) for name, sources in headers.items() if len(sources) == 1)
        return {name: item for name, item in pairs if item is not None}

    @cached_property
    def declared_key(self) -> tuple[str, ...]:
        """What the card or the schema declares, when it can be used."""
        return self._usable(declared_key(self))

    @cached_property
    def key_labels(self) -> list[str]:
        """How people call the columns of the key."""
        return [column.label for name in self.key if (column := self.shape.get(name))]

    def _usable(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return names if names and all(self.may_be_key(name) for name in names) else ()

    def may_be_key(self, name: str) -> bool:
        """Whether a column can be a part of a key: it comes from one column of the source, and is no place."""
        column = self.shape.get(name)
        return column is not None and not column.type.is_geographic and self._has_one_source(name)

    def _has_one_source(self, name: str) -> bool:
        return len(self.manifest.parsing.get(name, {}).get("sources", ())) == 1

    @cached_property
    def title_column(self) -> str:
        """The column that names a row to people: a text of many values, else the key."""
        names = (column.name for column in self.shape if self._names_rows(column))
        named = next(names, "")
        if named:
            return named
        return self.key[0] if self.key else next((column.name for column in self.shape), "")

    def _names_rows(self, column: Column) -> bool:
        profile = self.manifest.profile.get(column.name)
        if column.type is not ColumnType.TEXT or profile is None or profile.distinct <= self.manifest.rows * 0.5:
            return False
        words = fold(f"{column.name} {column.label}")
        return any(word in words for word in _NAMING)

    def title_of(self, row: Mapping[str, str | None]) -> str:
        """How a row is called."""
        return row.get(self.title_column) or " · ".join(row.get(name) or "–" for name in self.key)

    def read_key(self, text: str) -> tuple[str | None, ...]:
        """The key that an address bears (a JSON list); NotFound when it is none."""
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise NotFound(name=text[:80]) from error
        return self.read_key_values(values)

    def read_key_values(self, values: Any) -> tuple[str | None, ...]:
        """The canonical texts of the values of a key; NotFound for what is none."""
        columns = [column for name in self.key if (column := self.shape.get(name))]
        try:
            if not columns or not isinstance(values, list) or len(values) != len(columns):
                raise ValueError(str(values)[:80])
            return tuple(cell_text(column, value) for column, value in zip(columns, values, strict=True))
        except ValueError as error:
            raise NotFound(name=str(values)[:80]) from error

    def rows_at(self, key: Sequence[str | None]) -> list[Row]:
        """The rows that have that key, two at most, as canonical texts."""
        columns = [self.shape.get(name) for name in self.key]
        return self.rows_where(
            tuple(_equals(column, value) for column, value in zip(columns, key, strict=True) if column), 2
        )

    def row_at(self, key: Sequence[str | None]) -> Row:
        """The only row that has that key; NotFound when there is none, or several."""
        rows = self.rows_at(key)
        if len(rows) != 1:
            raise NotFound(name=" · ".join(value or "–" for value in key))
        return rows[0]

    def key_of(self, row: Mapping[str, str | None]) -> tuple[str | None, ...]:
        """The values of a row that tell it apart."""
        return tuple(row.get(name) for name in self.key)

    def tells_apart(self, names: Sequence[str]) -> bool:
        """Whether no two rows of the current version have the same values in those columns."""
        if not names or not all(self.may_be_key(name) for name in names):
            return False
        groups = ", ".join(field(name) for name in names)
        question = ExploreRequest(select="count(*) as n", group_by=groups, order_by="n desc", limit=1)
        rows = self._ask(question)
        return not rows or rows[0]["n"] == 1

    def rows_where(self, where: tuple[str, ...], most: int, order_by: str = "") -> list[Row]:
        rows = self._ask(ExploreRequest(where=where, limit=most, order_by=order_by))
        return [{column.name: canonical_text(row.get(column.name), column) for column in self.shape} for row in rows]

    def _ask(self, question: ExploreRequest) -> list[dict[str, Any]]:
        source = whole_source_of(self.dataset, self.dataset.current)
        seconds = settings.PARVIS["PARVIS_ENGINE_SECONDS"]
        return list(records(engine(), source, question, names=Names(self.shape), seconds=seconds).results)

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The columns that tell rows apart: those declared, else those found in its values; empty when there are none."""
        return self.declared_key or found_key(self)

    def rows_holding(self, words: str, most: int) -> list[Row]:
        """The first rows that hold every word in some text; all are looked at when there is no word."""
        return self.rows_where((f"search({quoted(words)})",) if words.strip() else (), most)


def cell_text(column: Column, value: Any) -> str | None:
    """The canonical text of what a person or a program wrote for a column; ValueError when the column cannot hold it."""
    if value is None or value == "":
        return None
    try:
        match column.type:
            case ColumnType.INT:
                number = float(value)
                if number != int(number):
                    raise ValueError(value)
                return (
                    str(int(value)) if isinstance(value, int) or str(value).lstrip("-").isdigit() else str(int(number))
                )
            case ColumnType.DOUBLE:
                text = canonical_text(float(value), column)
                if text is None:
                    raise ValueError(value)
                return text
            case ColumnType.BOOLEAN:
                return {"true": "true", "false": "false"}[str(value).lower()]
            case ColumnType.DATE:
                return date.fromisoformat(str(value)).isoformat()
            case ColumnType.GEO_POINT:
                latitude, longitude = (float(part) for part in str(value).split(","))
                if not (abs(latitude) <= 90 and abs(longitude) <= 180):
                    raise ValueError(value)
                return canonical_text({"lat": latitude, "lon": longitude}, column)
            case _:
                return canonical_text(value, column)
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise ValueError(str(value)[:80]) from error


def _equals(column: Column, value: str | None) -> str:
    """A condition of the query language: the column has that canonical value."""
    name = field(column.name)
    if value is None:
        return f"{name} is null"
    match column.type:
        case ColumnType.INT | ColumnType.DOUBLE | ColumnType.BOOLEAN:
            return f"{name} = {value}"
        case ColumnType.DATE:
            return f"{name} = date'{value}'"
        case ColumnType.DATETIME:
            return f"{name} = date'{value}Z'"
        case _:
            return f"{name} = {quoted(value)}"
