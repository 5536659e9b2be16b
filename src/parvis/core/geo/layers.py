"""What a tile draws: a geometry column, the few values a legend or a tooltip needs, a filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from parvis.core.engine import Engine
from parvis.core.engine.contract import DEFAULT_SECONDS, AnySource
from parvis.core.engine.plans import Drawing, Plan

MAX_FEATURES = 10_000
"""Most features in one layer of a tile; beyond, they are gathered more coarsely."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Rows to draw. ``rows`` is how many the condition keeps; ``seconds`` the longest wait for one plan."""

    source: AnySource
    drawing: Drawing
    only_points: bool
    rows: int = 0
    seconds: float = DEFAULT_SECONDS


def ask(engine: Engine, layer: Layer, plan: Plan) -> pa.Table:
    """The answer to one plan of a tile."""
    return engine.table(layer.source, plan, seconds=layer.seconds)


def rows_of(answer: pa.Table) -> Sequence[tuple[Any, ...]]:
    """The rows of a short answer."""
    return list(zip(*(column.to_pylist() for column in answer.columns), strict=True))


def blobs(answer: pa.Table) -> tuple[int, bytes]:
    """From pairs of count and layer: all features counted, and the layers that hold any, one after the other."""
    values = [column[0].as_py() for column in answer.columns]
    pairs = list(zip(values[::2], values[1::2], strict=True))
    return sum(count for count, _blob in pairs), b"".join(bytes(blob) for count, blob in pairs if count)
