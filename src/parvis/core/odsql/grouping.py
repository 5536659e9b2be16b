"""What ``group_by`` does to the other clauses: keys, expressions over them, aggregations, their order."""

from __future__ import annotations

from dataclasses import dataclass, replace

from parvis.core.odsql.bound import (
    BUCKETS,
    Aggregate,
    Bound,
    Bucket,
    Cell,
    Cluster,
    Day,
    Group,
    Key,
    MomentStep,
    NumberStep,
    OfRow,
    Order,
    Output,
    Result,
    Shown,
    Total,
    Tranche,
)
from parvis.core.odsql.errors import NotAllowedHere, NotGrouped, ODSQLError
from parvis.core.odsql.functions import Use
from parvis.core.odsql.traversal import is_whole, replaced, walk
from parvis.core.odsql.valuetypes import ValueType
from parvis.core.translation import Sentence


def group_of(rank: int, key: str, expression: Bound, timezone: str) -> Group:
    """One level of grouping, and how its key is shown: dates as ISO text, tranches as intervals."""
    column = expression.column if isinstance(expression, Cell) else None
    return Group(key, expression, _shown(rank, expression, timezone), column)


def _shown(rank: int, expression: Bound, timezone: str) -> Bound:
    key = Key(rank, expression.type, is_whole(expression))
    if isinstance(expression, (NumberStep, MomentStep, Tranche, Cluster)):
        kind = ValueType.JSON if isinstance(expression, Cluster) else ValueType.TEXT
        return Shown(rank, expression, _zone(expression, timezone), kind)
    if expression.type is ValueType.DATE:
        return Day(key)
    if expression.type is ValueType.TEXTS:
        return replace(key, type=ValueType.TEXT)
    return key


def _zone(bucket: Bucket, timezone: str) -> str:
    """Dates have no hour: their bounds are told in UTC whatever the time zone."""
    return "UTC" if bucket.expression.type is ValueType.DATE else timezone


@dataclass(frozen=True, slots=True)
class Grouping:
    """The groups of a query, and the checks of what is beside them."""

    groups: tuple[Group, ...]

    def outputs(self, outputs: tuple[Output, ...], clause: str) -> tuple[Output, ...]:
        """The keys that ``select`` does not name, then its items in terms of keys and aggregations."""
        made = [replace(output, expression=self.shown(output.expression, clause)) for output in outputs]
        named = [output.expression for output in outputs]
        taken = {output.key for output in made}
        missing = [
            Output(group.key, group.shown, group.column)
            for group in self.groups
            if group.expression not in named and group.key not in taken
        ]
        return (*missing, *made)

    def orders(self, orders: tuple[Order, ...], clause: str) -> tuple[Order, ...]:
        """The levels of the order in terms of keys; aggregations come before keys (specification, section 7.7)."""
        seen_key = False
        for order in orders:
            is_aggregation = any(isinstance(part, Aggregate) for part in walk(order.expression))
            if is_aggregation and seen_key:
                raise ODSQLError(
                    reason=Sentence("les agrégations viennent avant les champs"),
                    clause=clause,
                )
            seen_key = seen_key or not is_aggregation
        return tuple(replace(order, expression=self.over_keys(order.expression, clause)) for order in orders)

    def shown(self, expression: Bound, clause: str) -> Bound:
        """An expression as an output: a bare group as it is shown, the others over keys."""
        for group in self.groups:
            if expression == group.expression:
                return group.shown
        return shown_day(self.over_keys(expression, clause))

    def over_keys(self, expression: Bound, clause: str) -> Bound:
        """The expression with each group replaced by its key; NotGrouped when a field is left outside aggregations."""
        rewritten = replaced(expression, self._key)
        _refuse_cells(rewritten, clause)
        return rewritten

    def _key(self, node: Bound) -> Bound | None:
        if isinstance(node, Aggregate):
            return node
        for rank, group in enumerate(self.groups):
            if node == group.expression:
                kind = ValueType.TEXT if node.type is ValueType.TEXTS else node.type
                return Key(rank, kind, is_whole(node))
        return None


def _refuse_cells(node: Bound, clause: str) -> None:
    if isinstance(node, Aggregate):
        return
    if isinstance(node, Cell):
        raise NotGrouped(name=node.column.name, clause=clause)
    if isinstance(node, OfRow):
        raise NotGrouped(name=node.fact, clause=clause)
    refuse_buckets(node, clause)
    for name in node.PARTS:
        child = getattr(node, name)
        for part in child if isinstance(child, tuple) else (child,):
            _refuse_cells(part, clause)


def refuse_buckets(node: Bound, clause: str) -> None:
    """``range()`` and ``geo_cluster()`` are groups: NotAllowedHere where they name none."""
    for part in walk(node):
        if isinstance(part, BUCKETS):
            name = "geo_cluster()" if isinstance(part, Cluster) else "range()"
            raise NotAllowedHere(name=name, clause=clause)


def shown_day(expression: Bound) -> Bound:
    """An aggregation or a key that is a date, as ISO text."""
    made_by_groups = any(isinstance(part, (Aggregate, Key, Total)) for part in walk(expression))
    return Day(expression) if expression.type is ValueType.DATE and made_by_groups else expression


@dataclass(frozen=True, slots=True)
class Totals:
    """Aggregations without groups: each is computed once and repeated on every row (specification, section 7.6)."""

    found: tuple[Aggregate, ...]

    def outputs(self, outputs: tuple[Output, ...]) -> tuple[Output, ...]:
        """The outputs with each aggregation replaced by its rank."""
        return tuple(replace(o, expression=shown_day(replaced(o.expression, self._total))) for o in outputs)

    def orders(self, orders: tuple[Order, ...]) -> tuple[Order, ...]:
        """The levels of the order likewise."""
        return tuple(replace(order, expression=replaced(order.expression, self._total)) for order in orders)

    def _total(self, node: Bound) -> Bound | None:
        return Total(self.found.index(node), node.type) if isinstance(node, Aggregate) else None


def totals_of(expressions: tuple[Bound, ...]) -> Totals:
    """The different aggregations found in these expressions."""
    aggregates: list[Aggregate] = []
    for expression in expressions:
        aggregates += [part for part in walk(expression) if isinstance(part, Aggregate) and part not in aggregates]
    return Totals(tuple(aggregates))


def is_random(expression: Bound) -> bool:
    """True for ``random(seed)``."""
    return isinstance(expression, Result) and expression.function.use is Use.ORDER
