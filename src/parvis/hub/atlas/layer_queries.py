"""What layers ask of their datasets: rows, values of codes, moments, numbers to make classes from; kept by version and question."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings

from parvis.core.atlas.description import MapLayer
from parvis.core.atlas.questions import MOST_ROWS, conditions_of
from parvis.core.columns import Column, ColumnType
from parvis.core.engine.plans import Quantiles, SortedNumbers, Squares, Usual
from parvis.core.explore import ExploreRequest
from parvis.core.explore.query import condition
from parvis.core.geo.svg import Box
from parvis.core.odsql import Names
from parvis.core.odsql.bound import Cell, Test
from parvis.core.odsql.valuetypes import type_of
from parvis.hub.accounts.rules import Actor
from parvis.hub.datastore.selectors import engine
from parvis.hub.drawings import questions
from parvis.hub.drawings.questions import Asked, Rows
from parvis.hub.maps.opening import lying_in

_EXACT = 20_000
"""Rows up to which classes are made from all values; beyond, from two thousand and one quantiles."""
_SHARES = tuple(rank / 2_000 for rank in range(2_001))
_CELLS = 160
"""Squares along the side of a map in which the places of a large layer are gathered for its picture."""


def seconds() -> float:
    """The longest wait for one answer."""
    return float(settings.PARVIS["PARVIS_ENGINE_SECONDS"])


def rows_of(actor: Actor, query: Asked) -> Rows:
    """The rows of a question with their places, and how many there are in all."""
    return questions.rows_of(actor, query, cache="map-rows", most=MOST_ROWS, weight=_weight)


def _weight(rows: Sequence[dict[str, Any]]) -> int:
    """Contours may weigh much more than their row: what they take is measured on their text."""
    return sum(len(json.dumps(row, default=str)) for row in rows)


def filtered(query: Asked, layer: MapLayer, moment: str = "") -> Test:
    """The conditions of a layer as the engine reads them."""
    where = conditions_of(layer, moment)
    return condition(Names(query.source.shape), ExploreRequest(where=where, timezone=settings.TIME_ZONE))


def numbers_of(actor: Actor, query: Asked, layer: MapLayer, column: str) -> list[float]:
    """The numbers of a column, rising: all of them, or quantiles of many."""
    cell, where = _cell(query, column), filtered(query, layer)
    if cell is None:
        return []
    exact = query.source.rows <= _EXACT
    plan = SortedNumbers(cell, where) if exact else Quantiles(cell, _SHARES, where)
    numbers: list[float] | None = engine().value(query.source, plan, seconds=seconds())
    return numbers or []


def point_cells(actor: Actor, query: Asked, layer: MapLayer, moment: str, box: Box, frame: Box) -> list[dict[str, Any]]:
    """The points of a large layer that lie in ``frame``, by squares small enough for ``box`` inside it: ``x``, ``y``, ``n``, and the
    usual value of its colour as ``colour``."""
    geometry = query.source.shape.geometry
    if geometry is None:
        return []
    west, south, east, north = box
    colour = _cell(query, layer.colour)
    plan = Squares(
        Cell(geometry, type_of(geometry)),
        colour,
        Usual.MEDIAN if colour is not None and colour.column.type.is_number else Usual.MODE,
        wide=max(east - west, 1e-6) / _CELLS,
        tall=max(north - south, 1e-6) / _CELLS,
        where=lying_in(query.source, geometry, filtered(query, layer, moment), frame),
    )
    rows: list[dict[str, Any]] = engine().table(query.source, plan, seconds=seconds()).to_pylist()
    return rows


def _cell(query: Asked, name: str) -> Cell | None:
    column = query.source.shape.get(name) if name else None
    return Cell(column, type_of(column)) if column is not None else None


def carried(layer: MapLayer, columns: Sequence[Column], leading: Sequence[str], most: int) -> list[Column]:
    """The columns that features carry: those that lead, what is drawn, then the first ones, up to ``most``."""
    drawn = [layer.colour, layer.size, layer.time]
    more = [] if layer.popup else [column.name for column in columns]
    names = [name for name in dict.fromkeys([*leading, *drawn, *more]) if name]
    column_by_name = {column.name: column for column in columns if column.type is not ColumnType.JSON}
    return [column_by_name[name] for name in names if name in column_by_name][:most]
