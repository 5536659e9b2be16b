"""The table of a dataset as contributors meet it: what tells its rows apart, what may be changed of them, one row, rows alike."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.errors import NotFound, ParvisError
from parvis.core.explore import ExploreRequest, records
from parvis.core.odsql import Names
from parvis.core.overlays.canonical import canonical_text
from parvis.core.schemas.model import Field
from parvis.core.text import fold, seen_text
from parvis.core.versions.manifest import Manifest
from parvis.domains.contributions.keys import declared_key, found_key
from parvis.domains.contributions.models import Opening
from parvis.domains.contributions.rules import BadValue, Kind
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.datastore.selectors import described_shape, engine, whole_source_of
from parvis.hub.publications.services import publications
from parvis.hub.ui.columns import type_name
from parvis.hub.ui.filters import field, quoted
from parvis.hub.validation.selectors import followed, schema_of

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

_FIXED = (ColumnType.GEO_SHAPE, ColumnType.JSON, ColumnType.FILE)
"""Types that no form of ours writes."""
_NAMING = ("nom", "name", "libelle", "titre", "intitule", "adresse")
"""Words of a column that names rows."""
NEAR_METRES = 50
ALIKE = 86
"""Out of 100: two names that a person would take for one."""
MOST_ALIKE = 5
MOST_WORDS, MOST_NAMED = 3, 40
"""Words of a name that are looked for, and rows that each may bring: what is typed is asked again at each pause."""

type Row = dict[str, str | None]


@dataclass(frozen=True)
class ContributedTable:
    """A published dataset, its current version, and what may be asked of its rows."""

    dataset: Dataset
    opening: Opening | None

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
    def key(self) -> tuple[str, ...]:
        """The columns that tell rows apart: those kept for this dataset, else those declared, else those found in its values."""
        if self.opening and self.opening.key:
            return self._usable(tuple(self.opening.key))
        return self.declared_key or found_key(self)

    @property
    def has_confirmed_key(self) -> bool:
        """Whether a person says that the key tells rows apart; one that was found waits for it before anything is accepted."""
        if self.opening and self.opening.key:
            return bool(self.key) and self.opening.is_key_confirmed
        return bool(self.declared_key)

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
    def kinds(self) -> tuple[Kind, ...]:
        """What may be proposed today."""
        dataset = self.dataset
        if dataset.status != Status.PUBLISHED or dataset.access != Access.PUBLIC:
            return ()
        opened = set(self.opening.kinds) if self.opening else set(Kind.values)
        takes_rows = bool(self.key) and not self.is_made_here
        if all(column.name in self.key for column in self.editable):
            opened.discard(Kind.CORRECT)  # another key is another row: it is added, and the former is removed
        return tuple(kind for kind in Kind if kind in opened and (takes_rows or not kind.changes_rows))

    @property
    def is_made_here(self) -> bool:
        """Whether its rows are written from other pages of the portal (events, requests…), where they are corrected."""
        return any(publication.dataset_id == self.dataset.dataset_id for publication in publications())

    @cached_property
    def editable(self) -> tuple[Column, ...]:
        """The columns that a form may write, in order; the place made of two columns follows them."""
        return tuple(column for column in self.shape if column.type not in _FIXED and self._has_one_source(column.name))

    @cached_property
    def position(self) -> tuple[str, str] | None:
        """The columns of the latitude and of the longitude, when a place is made of two columns that may be written."""
        by_header = {
            parsing["sources"][0]: name
            for name, parsing in self.manifest.parsing.items()
            if len(parsing["sources"]) == 1
        }
        for column in self.shape:
            sources = self.manifest.parsing.get(column.name, {}).get("sources", ())
            if column.type is ColumnType.GEO_POINT and len(sources) == 2:
                pair = [by_header.get(header, "") for header in sources]
                if all(self.shape.get(name) is not None for name in pair):
                    latitude = next((name for name in pair if "lat" in fold(name) or name in ("y", "coord_y")), pair[1])
                    return latitude, next(name for name in pair if name != latitude)
        return None

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
            return tuple(read_value(column, value) for column, value in zip(columns, values, strict=True))
        except (ValueError, TypeError, OverflowError, BadValue) as error:
            raise NotFound(name=str(values)[:80]) from error

    def read_values(self, values: Mapping[str, Any]) -> Row:
        """The canonical texts of values that a program sends, by column; BadValue for one that its column cannot hold."""
        columns = {column.name: column for column in self.editable}
        return {
            name: read_value(columns[name], plain_text(value) if isinstance(value, str) else value)
            for name, value in values.items()
            if name in columns
        }

    def rows_at(self, key: Sequence[str | None]) -> list[Row]:
        """The rows that have that key, two at most, as canonical texts."""
        columns = [self.shape.get(name) for name in self.key]
        return self._rows(
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

    def address_of(self, row: Mapping[str, str | None]) -> str:
        """The page where a row is corrected."""
        key = json.dumps(self.key_of(row), ensure_ascii=False, separators=(",", ":"))
        return f"{self.dataset.get_absolute_url()}contribuer/ligne/?{urlencode({'cle': key})}"

    def tells_apart(self, names: Sequence[str]) -> bool:
        """Whether no two rows of the current version have the same values in those columns."""
        if not names or not all(self.may_be_key(name) for name in names):
            return False
        groups = ", ".join(field(name) for name in names)
        question = ExploreRequest(select="count(*) as n", group_by=groups, order_by="n desc", limit=1)
        rows = self._ask(question)
        return not rows or rows[0]["n"] == 1

    def alike(self, values: Mapping[str, str | None]) -> list[Row]:
        """Rows that a new one may be: within fifty metres, or with almost the same name; the likeliest first."""
        from rapidfuzz import fuzz  # noqa: PLC0415 forty modules, for one page

        near = self._near(values)
        columns = [
            column
            for name in dict.fromkeys((self.title_column, *self.key))
            if (column := self.shape.get(name)) and column.type is ColumnType.TEXT and values.get(name)
        ]
        named: list[Row] = []
        for column in columns:
            for word in [word for word in fold(values[column.name] or "").split() if len(word) > 2][:MOST_WORDS]:
                named += self._rows((f"{field(column.name)} like {quoted(f'*{word}*')}",), MOST_NAMED)
        rows = {json.dumps(row, sort_keys=True): row for row in (*near, *named)}.values()

        def likeness(row: Row) -> float:
            pairs = ((values[column.name] or "", row.get(column.name) or "") for column in columns)
            return max((fuzz.token_sort_ratio(fold(first), fold(second)) for first, second in pairs), default=0.0)

        chosen = [row for row in rows if row in near or likeness(row) >= ALIKE]
        return sorted(chosen, key=likeness, reverse=True)[:MOST_ALIKE]

    def _near(self, values: Mapping[str, str | None]) -> list[Row]:
        place = self.place_of(values)
        return self.nearest(place, NEAR_METRES, MOST_ALIKE) if place is not None else []

    def nearest(self, place: tuple[float, float], metres: int, most: int) -> list[Row]:
        """The rows within so many metres of a place (latitude, longitude), the nearest first; none for rows without points."""
        point = next((column for column in self.shape if column.type is ColumnType.GEO_POINT), None)
        if point is None:
            return []
        latitude, longitude = place
        geometry = f"geom'POINT({longitude} {latitude})'"
        within = f"within_distance({field(point.name)}, {geometry}, {metres}m)"
        return self._rows((within,), most, order_by=f"distance({field(point.name)}, {geometry})")

    def place_of(self, row: Mapping[str, str | None]) -> tuple[float, float] | None:
        """Latitude and longitude of a row, when it has a point."""
        texts: Sequence[str | None] = ()
        if self.position is not None:
            texts = [row.get(name) for name in self.position]
        else:
            point = next((column.name for column in self.shape if column.type is ColumnType.GEO_POINT), "")
            texts = (row.get(point) or "").split(",")
        try:
            latitude, longitude = (float(text or "") for text in texts)
        except ValueError:
            return None
        return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None

    def _rows(self, where: tuple[str, ...], most: int, order_by: str = "") -> list[Row]:
        rows = self._ask(ExploreRequest(where=where, limit=most, order_by=order_by))
        return [{column.name: canonical_text(row.get(column.name), column) for column in self.shape} for row in rows]

    def _ask(self, question: ExploreRequest) -> list[dict[str, Any]]:
        source = whole_source_of(self.dataset, self.dataset.current)
        seconds = settings.PARVIS["PARVIS_ENGINE_SECONDS"]
        return list(records(engine(), source, question, names=Names(self.shape), seconds=seconds).results)


def table_of(dataset: Dataset) -> ContributedTable:
    """The table of a dataset whose data the caller may see."""
    return ContributedTable(dataset, Opening.objects.filter(dataset=dataset.pk).first())


def plain_text(text: str) -> str:
    """What a stranger typed, line by line, without what hides or turns the text around it."""
    return "\n".join(seen_text(line) for line in text.replace("\r\n", "\n").split("\n")).strip()


def read_value(column: Column, value: Any) -> str | None:
    """The canonical text of what a person or a program wrote for a column; BadValue when the column cannot hold it."""
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
        raise BadValue(value=str(value)[:80], column=column.label, kind=type_name(column)) from error


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
