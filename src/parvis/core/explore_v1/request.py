"""The parameters of a request of version 1, and the request of the present version that means the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from parvis.core.columns import ColumnType
from parvis.core.explore import ExploreRequest, InvalidParameter
from parvis.core.explore_v1.binding import where_of_q
from parvis.core.explore_v1.errors import InvalidArgument
from parvis.core.explore_v1.places import (
    box_condition,
    circle_condition,
    drawn_cell,
    polygon_condition,
    read_box,
    read_circle,
    read_corners,
)
from parvis.core.odsql import Binder, Names
from parvis.core.odsql.bound import ALWAYS, NEVER, Cell, Compare, Every, Result, Test, Value
from parvis.core.odsql.functions import Function, Takes
from parvis.core.odsql.valuetypes import ValueType

PAGE_ROWS = 10
LAST_ROW = 10_000
FACET_VALUES = 1_000
"""Most values listed for a facet: old clients know no way to ask for more."""

GEO_DIGEST = Function(
    name="geo digest",
    takes=(Takes.GEO,),
    gives=ValueType.TEXT,
    sentence="",
)
"""What names a geometry in ``geo_digest``: only we write it and only we read it."""


@dataclass(frozen=True, slots=True)
class V1Request:
    """What was asked, with the defaults of version 1 (specification, section 11.2)."""

    q: tuple[str, ...] = ()
    refine: tuple[tuple[str, str], ...] = ()
    exclude: tuple[tuple[str, str], ...] = ()
    disjunctive: tuple[str, ...] = ()
    facet: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    sort: tuple[str, ...] = ()
    geo: tuple[tuple[str, str], ...] = ()
    rows: int | None = None
    start: int = 0
    timezone: str = "UTC"
    lang: str = "fr"
    labels: bool = False
    csv_separator: str = ";"

    @classmethod
    def from_query(cls, pairs: Iterable[tuple[str, str]]) -> V1Request:
        """The request that name and value pairs make; unknown names are ignored, InvalidParameter for a bad value."""
        parameters = list(pairs)
        values: dict[str, Any] = {}
        shared = [(name, text) for name, text in parameters if name in ("timezone", "lang")]
        common = ExploreRequest.from_query(shared)
        for name, text in parameters:
            if not text.strip():
                continue
            base, _dot, rest = name.partition(".")
            if name in _SINGLE:
                field, read = _SINGLE[name]
                values[field] = read(name, text)
            elif base in _REPEATED and (rest or base not in _NAMED):
                field, item = _REPEATED[base](rest, text)
                values[field] = (*values.get(field, ()), *item)
        return cls(timezone=common.timezone, lang=common.lang, **values)

    def page(self) -> tuple[int, int]:
        """Rows and start of a page; InvalidParameter beyond what pages may reach."""
        rows = PAGE_ROWS if self.rows is None else self.rows
        rows = LAST_ROW - self.start if rows == -1 else rows
        if rows + self.start > LAST_ROW or rows < 0:
            raise InvalidParameter(name="rows", value=self.rows, expected=f"0 <= start + rows <= {LAST_ROW}")
        return rows, self.start

    def to_explore(self, names: Names) -> ExploreRequest:
        """The request of the present version that asks the same of these columns, without limits."""
        return ExploreRequest(
            select=", ".join(_quoted(name) for name in self.fields) or "*",
            order_by=", ".join(self._orders(names)),
            refine=tuple(f"{_quoted(name)}:{_string(value)}" for name, value in self.refine),
            exclude=tuple(f"{_quoted(name)}:{_string(value)}" for name, value in self.exclude),
            facet=self._facets(),
            timezone=self.timezone,
            lang=self.lang,
            use_labels=self.labels,
            delimiter=self.csv_separator,
            extra=self._extra(names),
        )

    def without_labels(self) -> V1Request:
        """The same with technical names."""
        return replace(self, labels=False)

    def _orders(self, names: Names) -> list[str]:
        orders = []
        for text in self.sort:
            name, ascending = text.lstrip("-"), text.startswith("-")
            if name in _RECORD_KEYS and names.shape.get(name) is None:
                continue
            orders.append(f"{_quoted(name)} {'asc' if ascending else 'desc'}")
        return orders

    def _facets(self) -> tuple[str, ...]:
        listed = dict.fromkeys((*self.facet, *self.disjunctive))
        return tuple(
            f"facet(name={_string(name)}{', disjunctive=true' if name in self.disjunctive else ''}, limit={FACET_VALUES})"
            for name in listed
        )

    def _extra(self, names: Names) -> Test:
        tests = [where_of_q(text, names, timezone=self.timezone) for text in self.q]
        tests += [_GEO_FILTERS[kind](names, text) for kind, text in self.geo]
        effective = tuple(test for test in tests if test != ALWAYS)
        return Every(effective) if effective else ALWAYS


_RECORD_KEYS = frozenset({"record_timestamp", "recordid", "record_size"})
"""Names that old clients sort by and that say nothing of a version, whose rows all came at once."""


def _quoted(name: str) -> str:
    escaped = name.strip().replace("\\", "\\\\").replace("`", "\\`")
    return f"`{escaped}`"


def _string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


# Geographic filters without a field: on the shape when there is one, else on the point


def _by_distance(names: Names, text: str) -> Test:
    circle = read_circle(text, "geofilter.distance", "geofilter.distance")
    cell = drawn_cell(names, prefer=ColumnType.GEO_POINT)
    return circle_condition(_binder(names), cell, circle) if cell else NEVER


def _by_polygon(names: Names, text: str) -> Test:
    corners = read_corners(text, "geofilter.polygon", "geofilter.polygon")
    cell = drawn_cell(names, prefer=ColumnType.GEO_SHAPE)
    return polygon_condition(_binder(names), cell, corners) if cell else NEVER


def _by_box(names: Names, text: str) -> Test:
    box = read_box(text, "geofilter.bbox", "geofilter.bbox")
    cell = drawn_cell(names, prefer=ColumnType.GEO_SHAPE)
    return box_condition(_binder(names), cell, box) if cell else NEVER


def _by_digest(names: Names, text: str) -> Test:
    cell = drawn_cell(names, prefer=ColumnType.GEO_SHAPE)
    return Compare(digest_of(cell), "=", Value(text, ValueType.TEXT)) if cell else NEVER


def digest_of(cell: Cell) -> Result:
    """The digest of the geometry of a column."""
    return Result(GEO_DIGEST, (cell,), ValueType.TEXT)


def _binder(names: Names) -> Binder:
    return Binder(names, "where")


_GEO_FILTERS: dict[str, Callable[[Names, str], Test]] = {
    "distance": _by_distance,
    "polygon": _by_polygon,
    "bbox": _by_box,
    "digest": _by_digest,
}


# Readers: one row a parameter


def _integer(least: int) -> Callable[[str, str], int]:
    def read(name: str, text: str) -> int:
        digits = text.strip()
        if not digits.removeprefix("-").isascii() or not digits.removeprefix("-").isdigit() or len(digits) > 12:
            raise InvalidParameter(name=name, value=text, expected=f"{name} >= {least}")
        if int(digits) < least:
            raise InvalidParameter(name=name, value=text, expected=f"{name} >= {least}")
        return int(digits)

    return read


def _boolean(name: str, text: str) -> bool:
    return text.strip().lower() in ("true", "1")


def _separator(name: str, text: str) -> str:
    if text not in (";", ",", "\t", "|"):
        raise InvalidParameter(name=name, value=text, expected="';' | ',' | '\\t' | '|'")
    return text


_SINGLE: Mapping[str, tuple[str, Callable[[str, str], Any]]] = {
    "rows": ("rows", _integer(-1)),
    "start": ("start", _integer(0)),
    "use_labels_for_header": ("labels", _boolean),
    "use_labels": ("labels", _boolean),
    "csv_separator": ("csv_separator", _separator),
}

type _Item = tuple[str, tuple[Any, ...]]


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _geofilter(rest: str, text: str) -> _Item:
    if rest not in _GEO_FILTERS:
        raise InvalidArgument(
            name="geofilter", value=rest, expected=" | ".join(_GEO_FILTERS), clause=f"geofilter.{rest}"
        )
    return "geo", ((rest, text),)


_REPEATED: Mapping[str, Callable[[str, str], _Item]] = {
    "q": lambda _rest, text: ("q", (text,)),
    "rq": lambda _rest, text: ("q", (text,)),
    "refine": lambda rest, text: ("refine", ((rest, text),)),
    "exclude": lambda rest, text: ("exclude", ((rest, text),)),
    "disjunctive": lambda rest, text: ("disjunctive", (rest,) if _boolean(rest, text) else ()),
    "facet": lambda _rest, text: ("facet", (text,)),
    "fields": lambda _rest, text: ("fields", _listed(text)),
    "sort": lambda _rest, text: ("sort", _listed(text)),
    "geofilter": _geofilter,
    "geo_digest": lambda _rest, text: ("geo", (("digest", text),)),
}
_NAMED = frozenset({"refine", "exclude", "disjunctive", "geofilter"})
"""Parameters that mean nothing without a name after the dot."""
