"""The table of a dataset as contributors meet it: what tells its rows apart, what may be changed of them, one row, rows alike."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from parvis.core.columns import Column, ColumnType
from parvis.core.text import fold, seen_text
from parvis.domains.contributions.models import Opening
from parvis.domains.contributions.rules import BadValue, Kind
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.registry import publications
from parvis.hub.ui.columns import type_name
from parvis.hub.ui.filters import field, quoted
from parvis.hub.validation.keyed_tables import KeyedTable, Row, cell_text

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

_FIXED = (ColumnType.GEO_SHAPE, ColumnType.JSON, ColumnType.FILE)
"""Types that no form of ours writes."""
NEAR_METRES = 50
ALIKE = 86
"""Out of 100: two names that a person would take for one."""
MOST_ALIKE = 5
MOST_WORDS, MOST_NAMED = 3, 40
"""Words of a name that are looked for, and rows that each may bring: what is typed is asked again at each pause."""


@dataclass(frozen=True)
class ContributedTable(KeyedTable):
    """A published dataset, its current version, and what may be asked of its rows."""

    opening: Opening | None

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The columns that tell rows apart: those kept for this dataset, else those declared, else those found in its values."""
        if self.opening and self.opening.key:
            return self._usable(tuple(self.opening.key))
        return super().key

    @property
    def has_confirmed_key(self) -> bool:
        """Whether a person says that the key tells rows apart; one that was found waits for it before anything is accepted."""
        if self.opening and self.opening.key:
            return bool(self.key) and self.opening.is_key_confirmed
        return bool(self.declared_key)

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

    def read_values(self, values: Mapping[str, Any]) -> Row:
        """The canonical texts of values that a program sends, by column; BadValue for one that its column cannot hold."""
        columns = {column.name: column for column in self.editable}
        return {
            name: read_value(columns[name], plain_text(value) if isinstance(value, str) else value)
            for name, value in values.items()
            if name in columns
        }

    def address_of(self, row: Mapping[str, str | None]) -> str:
        """The page where a row is corrected."""
        key = json.dumps(self.key_of(row), ensure_ascii=False, separators=(",", ":"))
        return f"{self.dataset.get_absolute_url()}contribuer/ligne/?{urlencode({'cle': key})}"

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
                named += self.rows_where((f"{field(column.name)} like {quoted(f'*{word}*')}",), MOST_NAMED)
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
        return self.rows_where((within,), most, order_by=f"distance({field(point.name)}, {geometry})")

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


def table_of(dataset: Dataset) -> ContributedTable:
    """The table of a dataset whose data the caller may see."""
    return ContributedTable(dataset, Opening.objects.filter(dataset=dataset.pk).first())


def plain_text(text: str) -> str:
    """What a stranger typed, line by line, without what hides or turns the text around it."""
    return "\n".join(seen_text(line) for line in text.replace("\r\n", "\n").split("\n")).strip()


def read_value(column: Column, value: Any) -> str | None:
    """The canonical text of what a person or a program wrote for a column; BadValue when the column cannot hold it."""
    try:
        return cell_text(column, value)
    except ValueError as error:
        raise BadValue(value=str(value)[:80], column=column.label, kind=type_name(column)) from error
