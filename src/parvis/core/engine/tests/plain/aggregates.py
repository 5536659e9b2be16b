"""What aggregations give over the values of a group."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from typing import Any

from parvis.core.engine.tests.plain.functions import cluster_text, hull, rectangle
from parvis.core.engine.tests.plain.values import comparable, hashable
from parvis.core.odsql.bound import Aggregate
from parvis.core.odsql.valuetypes import ValueType


def computed(node: Aggregate, rows: int, columns: Sequence[Sequence[Any]]) -> Any:
    """The aggregation of one column, of rows when there is none."""
    if not columns:
        return rows
    values = [value for value in columns[0] if value is not None]
    if node.distinct and node.arguments[0].type is ValueType.TEXTS:
        return len({text for texts in values for text in texts if text is not None})
    if node.distinct or node.function.name == "cardinality":
        return len({hashable(value) for value in values})
    if node.function.name == "percentile":
        return quantile(values, columns[1][0] / 100) if values else None
    return _COMPUTED[node.function.name](values)


def quantile(values: Sequence[float], share: float) -> float:
    """A quantile, interpolated between two values."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low, high = math.floor(place), math.ceil(place)
    if low == high:
        return float(ordered[low])
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def discrete_quantile(ordered: Sequence[float], share: float) -> float:
    """The least value that so great a share of them does not exceed."""
    return ordered[max(math.ceil(len(ordered) * share) - 1, 0)]


def _sum(values: Sequence[Any]) -> Any:
    return (math.fsum(values) if any(isinstance(value, float) for value in values) else sum(values)) if values else None


def cluster(points: Sequence[Any]) -> str | None:
    """Points as a cluster is shown."""
    return cluster_text([point for point in points if point is not None])


_COMPUTED: dict[str, Callable[[list[Any]], Any]] = {
    "count": len,
    "sum": _sum,
    "avg": lambda values: math.fsum(values) / len(values) if values else None,
    "min": lambda values: min(values, key=comparable, default=None),
    "max": lambda values: max(values, key=comparable, default=None),
    "median": lambda values: quantile(values, 0.5) if values else None,
    "stddev": lambda values: statistics.pstdev(map(float, values)) if values else None,
    "envelope": hull,
    "bbox": rectangle,
}
