"""Which records a condition keeps: masks over the catalogue's table, computed column by column.

A record that says nothing of a property meets no comparison with it, and meets the opposite of one. Patterns are regular
expressions of RE2, whose time grows with the text alone, whatever is asked.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import reduce
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from parvis.core.odsql.moments import read_moment
from parvis.web.geocatalogue.errors import BadFilter, BadValue
from parvis.web.geocatalogue.predicates import (
    Box,
    Comparison,
    During,
    Every,
    Identified,
    Like,
    Missing,
    Operator,
    Opposite,
    Predicate,
    Relation,
    Some,
    Spatial,
)
from parvis.web.geocatalogue.queryables import TYPE, Kind, Queryable, queryable

DATASET: Final = "dataset"
NO_PLACE: Final = "nonGeographicDataset"
SERVICE: Final = "service"
"""What records are of, by the list of scopes of ISO 19115."""

MOST_SECONDS: Final = 5
"""Processor time after which conditions are no longer tried: a hundred of the longest over ten thousand records took 47 s."""

MOST_WILDCARDS: Final = 20

_INSTANT = pa.timestamp("us", "UTC")
_COMPARED = {
    Operator.EQUAL: pc.equal,
    Operator.DIFFERENT: pc.not_equal,
    Operator.LESS: pc.less,
    Operator.GREATER: pc.greater,
    Operator.LESS_OR_EQUAL: pc.less_equal,
    Operator.GREATER_OR_EQUAL: pc.greater_equal,
}


class Matcher:
    """Answers conditions over one table; what several of them look at is computed once."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        self._end = time.thread_time() + MOST_SECONDS
        self._folded: dict[str, pa.Array] = {}
        self._boxes: list[Box | None] | None = None

    def rows(self, predicate: Predicate) -> pa.Array:
        """A boolean a record; BadFilter once it took too long."""
        if time.thread_time() > self._end:
            raise BadFilter(name="constraint", reason=f"> {MOST_SECONDS} s")
        if isinstance(predicate, Every):
            return reduce(pc.and_, map(self.rows, predicate.parts), self._all(holds=True))
        if isinstance(predicate, Some):
            return reduce(pc.or_, map(self.rows, predicate.parts), self._all(holds=False))
        if isinstance(predicate, Opposite):
            return pc.invert(self.rows(predicate.part))
        if isinstance(predicate, Identified):
            return _sure(pc.is_in(self._column("dataset_id"), value_set=pa.array(predicate.ids, pa.string())))
        if isinstance(predicate, Spatial):
            return pa.array([_lies(box, predicate) for box in self._boxes_of_rows()], pa.bool_())
        if isinstance(predicate, During):
            return self._during(predicate)
        return self._of_property(predicate, queryable(predicate.property))

    def order(self, keys: Sequence[tuple[str, bool]]) -> pa.Array:
        """The places of the rows in the order of these properties, each descending or not; as they stand where these say the same."""
        columns: dict[str, pa.Array] = {}
        directions: list[tuple[str, str]] = []
        for rank, (name, is_descending) in enumerate(keys):
            row = queryable(name)
            if not row.columns or row.kind is Kind.BOX:
                raise BadValue(name="SortBy", value=name, expected="dc:title, dc:identifier, dct:modified…")
            column = self._column(row.columns[0])
            if pa.types.is_list(column.type):
                column = pc.list_element(pc.if_else(pc.greater(pc.list_value_length(column), 0), column, None), 0)
            columns[str(rank)] = column if row.kind is Kind.MOMENT else _folded(column)
            directions.append((str(rank), "descending" if is_descending else "ascending"))
        columns["place"] = pa.array(range(self._table.num_rows), pa.int64())
        sort_keys = [*directions, ("place", "ascending")]
        return pc.sort_indices(pa.table(columns), sort_keys=sort_keys)

    def values(self, name: str) -> list[str]:
        """The values that records have of a property, each once, in order."""
        row = queryable(name)
        values: set[str] = set()
        for column in map(self._column, row.columns):
            flat = pc.list_flatten(column) if pa.types.is_list(column.type) else column
            values.update(_as_text(value) for value in pc.unique(flat).to_pylist() if value is not None)
        return sorted(values)

    # -- columns

    def _all(self, *, holds: bool) -> pa.Array:
        return pa.array([holds], pa.bool_()).take(pa.array([0] * self._table.num_rows, pa.int64()))

    def _column(self, name: str) -> pa.Array:
        if name == TYPE:
            has_place = pc.is_valid(self._column("bbox"))
            level = pc.if_else(has_place, DATASET, NO_PLACE)
            return pc.coalesce(self._whole(TYPE), level) if TYPE in self._table.column_names else level
        return self._whole(name)

    def _whole(self, name: str) -> pa.Array:
        column = self._table.column(name)
        return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)

    def _texts(self, row: Queryable, *, folded: bool) -> list[pa.Array]:
        """The columns of a property as texts, lists of them flattened later."""
        return [self._fold(name) if folded else self._column(name) for name in row.columns]

    def _fold(self, name: str) -> pa.Array:
        if name not in self._folded:
            column = self._column(name)
            if pa.types.is_list(column.type):
                lists = _folded(column.flatten())
                self._folded[name] = pa.ListArray.from_arrays(_offsets(column), lists)
            else:
                self._folded[name] = _folded(column)
        return self._folded[name]

    def _boxes_of_rows(self) -> list[Box | None]:
        if self._boxes is None:
            self._boxes = [_box(text) for text in self._column("bbox").to_pylist()]
        return self._boxes

    # -- conditions on one property

    def _of_property(self, predicate: Comparison | Like | Missing, row: Queryable) -> pa.Array:
        if not row.columns:
            return self._all(holds=isinstance(predicate, Missing))
        if isinstance(predicate, Missing):
            return pc.invert(reduce(pc.or_, (_present(self._column(name)) for name in row.columns)))
        if row.kind is Kind.BOX:
            raise BadFilter(name=predicate.property, reason=f"{predicate.property} : BBOX")
        if row.kind is Kind.MOMENT and isinstance(predicate, Comparison):
            return self._moments(predicate, row)
        is_folded = not predicate.match_case
        columns = self._texts(row, folded=is_folded)
        if isinstance(predicate, Comparison) and predicate.operator is Operator.DIFFERENT:
            same = Comparison(predicate.property, Operator.EQUAL, predicate.value, predicate.match_case)
            present = reduce(pc.or_, (_present(column) for column in columns))
            return pc.and_not(present, self._of_property(same, row))
        return reduce(pc.or_, (_any_of(column, _test(predicate, is_folded)) for column in columns))

    def _moments(self, predicate: Comparison, row: Queryable) -> pa.Array:
        moment = read_moment(predicate.value, "UTC")
        if moment is None:
            raise BadValue(name=predicate.property, value=predicate.value, expected="2026-01-31 | 2026-01-31T12:00:00Z")
        column = self._column(row.columns[0]).cast(_INSTANT)
        start, end = (pa.scalar(edge, _INSTANT) for edge in (moment.start, moment.end()))
        within = pc.and_(pc.greater_equal(column, start), pc.less(column, end))
        tests = {
            Operator.EQUAL: lambda: within,
            Operator.DIFFERENT: lambda: pc.invert(within),
            Operator.LESS: lambda: pc.less(column, start),
            Operator.GREATER: lambda: pc.greater_equal(column, end),
            Operator.LESS_OR_EQUAL: lambda: pc.less(column, end),
            Operator.GREATER_OR_EQUAL: lambda: pc.greater_equal(column, start),
        }
        return _sure(tests[predicate.operator]())

    def _during(self, predicate: During) -> pa.Array:
        """A record without a period of its data is neither before nor after anything: it is kept."""
        first = self._column("dcat.temporal_coverage_start").cast(_INSTANT)
        last = self._column("dcat.temporal_coverage_end").cast(_INSTANT)
        holds = self._all(holds=True)
        if moment := _edge(predicate.end):
            holds = pc.and_(holds, pc.fill_null(pc.less(first, pa.scalar(moment.end(), _INSTANT)), True))
        if moment := _edge(predicate.start):
            # The last day of a period belongs to it.
            whole = pc.add(last, pa.scalar(86_400_000_000, pa.duration("us")))
            holds = pc.and_(holds, pc.fill_null(pc.greater(whole, pa.scalar(moment.start, _INSTANT)), True))
        return holds


def _edge(text: str):
    if not text:
        return None
    moment = read_moment(text, "UTC")
    if moment is None:
        raise BadValue(name="datetime", value=text, expected="instant | start/end | ../end | start/..")
    return moment


def _sure(mask: pa.Array) -> pa.Array:
    return pc.fill_null(mask, False)


def _present(column: pa.Array) -> pa.Array:
    if pa.types.is_list(column.type):
        return _sure(pc.greater(pc.list_value_length(column), 0))
    return pc.is_valid(column)


def _offsets(column: pa.ListArray) -> pa.Array:
    """Where each list begins in what ``flatten`` gives, which has no values of null lists."""
    lengths = pc.fill_null(pc.list_value_length(column), 0)
    return pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(lengths).cast(pa.int32())])


def _any_of(column: pa.Array, test) -> pa.Array:
    """Whether the value, or one of the values, passes."""
    if not pa.types.is_list(column.type):
        return _sure(test(column))
    parents = pc.list_parent_indices(column).filter(_sure(test(column.flatten())))
    return pc.is_in(pa.array(range(len(column)), pa.int64()), value_set=pc.unique(parents).cast(pa.int64()))


def _test(predicate: Comparison | Like, is_folded: bool):
    if isinstance(predicate, Comparison):
        value = _folded_text(predicate.value) if is_folded else predicate.value
        return lambda texts: _COMPARED[predicate.operator](texts, pa.scalar(value, pa.string()))
    pattern = _expression(predicate, is_folded=is_folded)
    return lambda texts: pc.match_substring_regex(texts.cast(pa.string()), pattern)


def _expression(like: Like, *, is_folded: bool) -> str:
    """The pattern as an expression of RE2 for the whole text."""
    pieces, escaped = [], False
    for letter in like.pattern:
        if escaped or letter not in (like.wildcard, like.single, like.escape):
            pieces.append(_quoted(_folded_text(letter) if is_folded else letter))
            escaped = False
        elif letter == like.escape:
            escaped = True
        else:
            pieces.append(".*" if letter == like.wildcard else ".")
    if sum(piece == ".*" for piece in pieces) > MOST_WILDCARDS:
        raise BadFilter(name=like.property, reason=f"> {MOST_WILDCARDS} {like.wildcard}")
    return rf"(?s)\A{re.sub(r'(?:\.\*)+', '.*', ''.join(pieces))}\z"


def _quoted(letters: str) -> str:
    return "".join(f"\\{letter}" if letter.isascii() and not letter.isalnum() else letter for letter in letters)


_LIGATURES = (("œ", "oe"), ("æ", "ae"), ("ß", "ss"))


def _folded(column: pa.Array) -> pa.Array:
    """Texts in lower case without accents or ligatures; what is no text as text."""
    texts = column if pa.types.is_string(column.type) else column.cast(pa.string())
    texts = pc.replace_substring_regex(pc.utf8_normalize(texts, "NFKD"), r"\p{M}+", "")
    texts = pc.utf8_lower(texts)
    for letter, letters in _LIGATURES:
        texts = pc.replace_substring(texts, letter, letters)
    return texts


def _folded_text(text: str) -> str:
    return str(_folded(pa.array([text], pa.string()))[0].as_py())


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat() if isinstance(value, date) else str(value)


def _box(text: str | None) -> Box | None:
    if not text:
        return None
    ring = json.loads(text)["geometry"]["coordinates"][0]
    return ring[0][0], ring[0][1], ring[2][0], ring[2][1]


def _lies(box: Box | None, predicate: Spatial) -> bool:
    if box is None:
        return False
    # Across the antimeridian, a rectangle is two.
    halves = _halves(predicate.box)
    if predicate.relation is Relation.INTERSECTS:
        return any(_meet(box, half) for half in halves)
    if predicate.relation is Relation.DISJOINT:
        return not any(_meet(box, half) for half in halves)
    if predicate.relation is Relation.WITHIN:
        return any(_holds(half, box) for half in halves)
    if predicate.relation is Relation.CONTAINS:
        return all(_holds(box, half) for half in halves)
    return box == predicate.box


def _halves(box: Box) -> tuple[Box, ...]:
    west, south, east, north = box
    return (box,) if west <= east else ((west, south, 180.0, north), (-180.0, south, east, north))


def _meet(first: Box, second: Box) -> bool:
    return first[0] <= second[2] and second[0] <= first[2] and first[1] <= second[3] and second[1] <= first[3]


def _holds(outer: Box, inner: Box) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]
