"""What the address of a list asks: words, filters, dates, order, page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.cache import caches
from django.db.models import QuerySet
from django.http import QueryDict

from parvis.core.text import fold
from parvis.hub.collections.declaration import Around, Collection, Facet, Period, Position, Sort
from parvis.hub.records.selectors import matching, published, stamp_of
from parvis.hub.sites.lens import current_lens

MOST_CHOICES = 500
"""Values offered by a filter."""
MOST_TEXT = 100
"""Letters of a search that count."""
REACHES = (1, 2, 5, 10, 20, 50)
"""Kilometres that are offered around a point."""
USUAL_REACH = 5
_POINT = re.compile(r"(-?\d{1,2}(?:\.\d{1,9})?),(-?\d{1,3}(?:\.\d{1,9})?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a filter offers."""

    value: str
    label: Any
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """A facet as the form of the list shows it."""

    facet: Facet
    value: str
    choices: tuple[Choice, ...]


class Matches(Sequence[Any]):
    """Records that are counted and read by slices.

    Rows are wide, so keys are found first, which an index often holds, and rows are fetched for those of the slice. Those
    of words or of some days are few and dear to find: ``at_once``, their keys are read in one pass, where counting and cutting
    would take two. Those that are no rows, ``beside``, come last.
    """

    def __init__(
        self,
        collection: Collection,
        records: QuerySet[Any],
        *,
        at_once: bool = False,
        files: bool = False,
        beside: Sequence[Any] = (),
    ):
        self._collection, self._keys, self._beside = collection, records.values_list("pk", flat=True), beside
        self._files = files and collection.kind.takes_files
        if at_once:
            len(self._keys)  # read once, kept by the query set

    @cached_property
    def _count(self) -> int:
        return self._keys.count()

    def __len__(self) -> int:
        return self._count + len(self._beside)

    def __getitem__(self, place: Any) -> Any:
        if not self._beside:
            return self._rows(place)
        start, end, _step = place.indices(len(self))
        rows = self._rows(slice(start, min(end, self._count))) if start < self._count else []
        return [*rows, *self._beside[max(start - self._count, 0) : max(end - self._count, 0)]]

    def _rows(self, place: slice) -> list[Any]:
        keys = list(self._keys[place])
        kind = self._collection.kind
        records = self._collection.records(published(kind)).filter(pk__in=keys)
        rows = {row.pk: row for row in (records.prefetch_related("files") if self._files else records)}
        return [rows[key] for key in keys if key in rows]


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of a collection, nonsense left out."""

    collection: Collection
    text: str
    values: dict[str, str]
    period: Period | None
    sort: Sort | None
    around: Around | None
    asked: QueryDict

    @classmethod
    def read(cls, collection: Collection, parameters: QueryDict) -> Query:
        """From the fields of an address."""
        values = {facet.name: parameters.get(facet.name, "")[:MOST_TEXT] for facet in collection.facets}
        periods = {period.name: period for period in collection.periods}
        sorts = {sort.name: sort for sort in collection.sorts}
        return cls(
            collection,
            " ".join(parameters.get("q", "")[:MOST_TEXT].split()),
            {name: value for name, value in values.items() if value},
            periods.get(parameters.get("quand", ""), next(iter(collection.periods), None)),
            sorts.get(parameters.get("tri", ""), next(iter(collection.sorts), None)),
            _around(parameters) if collection.is_searched_around else None,
            parameters,
        )

    @property
    def is_filtered(self) -> bool:
        """Whether the list shows less than all, or in another order: such pages are not for search engines."""
        return bool(set(self.asked) - {"page"})

    @property
    def reaches(self) -> tuple[int, ...]:
        """The kilometres to choose from."""
        return REACHES

    @property
    def is_narrowed(self) -> bool:
        """Whether there is something to clear."""
        return any(value for name, value in self.asked.items() if name not in ("page", "vue"))

    def records(self) -> QuerySet[Any]:
        """The records, in order."""
        collection, lens = self.collection, current_lens()
        query = collection.records(published(collection.kind))
        if lens is not None:
            query = collection.through(lens, query)
        query = matching(query, self.text, few=self._is_of_some_days)
        for facet in collection.facets:
            query = _with_value(query, facet, self.values.get(facet.name, ""))
        query = collection.narrowed(query, self.asked)
        if self.around is not None:
            query = collection.near(query, self.around)
        if self.period is not None:
            query = collection.during(query, *self.period.bounds())
        columns = self.sort.columns if self.sort else ("-last_published_at", "-id")
        return query.order_by(*columns)

    def matches(self, *, files: bool = False) -> Matches:
        """The same, of which one page is read, with documents or without: the whole costs no more than its keys."""
        at_once = bool(self.text) or self._is_of_some_days
        beside = self.collection.beside(self.text, self.values)
        return Matches(self.collection, self.records(), at_once=at_once, files=files, beside=beside)

    @property
    def _is_of_some_days(self) -> bool:
        return self.period != next(iter(self.collection.periods), None)

    def filters(self) -> list[Filter]:
        """The facets with what they offer, those of a single value left out."""
        rows = []
        for facet in self.collection.facets:
            value = self.values.get(facet.name, "")
            offered = () if facet.is_flag else choices_of(self.collection, facet)
            if facet.is_flag or len(offered) > 1 or value:
                choices = tuple(Choice(key, label, key == value) for key, label in offered)
                rows.append(Filter(facet, value, choices))
        return rows


def _around(parameters: QueryDict) -> Around | None:
    """The point of ``pres`` (latitude, longitude) and the kilometres of ``rayon``; None for nonsense."""
    numbers = _POINT.fullmatch(parameters.get("pres", "")[:MOST_TEXT])
    latitude, longitude = map(float, numbers.groups()) if numbers else (100.0, 0.0)
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    reach = next((km for km in REACHES if str(km) == parameters.get("rayon")), USUAL_REACH)
    return Around(Position(longitude, latitude), reach)


def _with_value(query: QuerySet[Any], facet: Facet, value: str) -> QuerySet[Any]:
    if not value:
        return query
    if facet.narrow is not None:
        return facet.narrow(query, value)
    if facet.is_flag:
        return query.filter(**{facet.column: True})
    # SQLite knows no containment of JSON: a value between its quotes is looked for in the text of the list.
    return query.filter(**{f"{facet.column}__icontains": f'"{value}"'} if facet.holds_list else {facet.column: value})


def choices_of(collection: Collection, facet: Facet) -> tuple[tuple[str, Any], ...]:
    """Value and label of what a facet offers."""
    if facet.choices is not None:
        return tuple(facet.choices())
    lens = current_lens()
    return _values(collection, facet, stamp_of(collection.kind), lens.key if lens else "")


def _values(collection: Collection, facet: Facet, stamp: int, lens: str) -> tuple[tuple[str, Any], ...]:
    """The values that published records have, by alphabet; as long as nothing is done to any of them."""
    key = f"choices:{collection.name}:{facet.name}:{stamp}:{lens}"
    values: tuple[tuple[str, Any], ...] = caches["derived"].get_or_set(key, lambda: _distinct(collection, facet))
    return values


def _distinct(collection: Collection, facet: Facet) -> tuple[tuple[str, Any], ...]:
    query, looking = collection.records(published(collection.kind)), current_lens()
    if looking is not None:
        query = collection.through(looking, query)
    columns = query.order_by().values_list(facet.column, flat=True).distinct()[: MOST_CHOICES * 4]
    values = {str(item) for value in columns for item in (value if isinstance(value, list) else [value]) if item}
    return tuple((value, value) for value in sorted(values, key=fold)[:MOST_CHOICES])
