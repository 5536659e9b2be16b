"""A description met with its datasets: columns checked, what may be guessed filled in."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import replace

from parvis.core.atlas.description import MapDescription, MapLayer
from parvis.core.atlas.errors import BadMap, NoCodes, NothingToPlace, NotTogether, UnfitColumn
from parvis.core.atlas.popups import columns_of
from parvis.core.charts.marks import CALCULATIONS
from parvis.core.charts.questions import Table, usual_step
from parvis.core.charts.territories import REACHED, TOGETHER
from parvis.core.columns import Column, ColumnType, TableShape

SHADE_WORDS = ("territoire", "valeur")
"""What the pop-up of a shaded territory may say, where that of a row says columns."""

type Fits = Callable[[Column], bool]


def _is_single(column: Column) -> bool:
    return not column.annotations.get("multivalued")


def is_number(column: Column) -> bool:
    """Whether sizes, classes and calculations can be made from it."""
    return column.type.is_number and _is_single(column)


def is_coloured(column: Column) -> bool:
    """Whether colours can tell its values."""
    return is_number(column) or (column.type in (ColumnType.TEXT, ColumnType.BOOLEAN) and _is_single(column))


def is_moment(column: Column) -> bool:
    """Whether a slider can run over it."""
    return column.type in (ColumnType.DATE, ColumnType.DATETIME, ColumnType.INT) and _is_single(column)


def is_code(column: Column) -> bool:
    """Whether it names territories."""
    return column.kind in REACHED and column.type is ColumnType.TEXT and _is_single(column)


def is_popup_column(column: Column) -> bool:
    """Whether a pop-up can say it."""
    return not column.type.is_geographic


def completed(description: MapDescription, tables: Mapping[str, Table]) -> MapDescription:
    """The description with what may be guessed filled in, its columns checked.

    ``tables`` knows each dataset by its identifier. UnfitColumn, NothingToPlace, NoCodes and NotTogether tell what to change.
    """
    layers = tuple(
        _completed(layer, tables[layer.dataset], f"layers[{rank}].") for rank, layer in enumerate(description.layers)
    )
    steps = {layer.step for layer in layers if layer.time}
    if len(steps) > 1:
        raise BadMap(name="step", value=", ".join(sorted(steps)), expected="le même pas pour toutes les couches")
    return replace(description, layers=layers)


def _completed(layer: MapLayer, table: Table, place: str) -> MapLayer:
    shape = table.shape
    for role, fits in (("colour", is_coloured), ("size", is_number), ("time", is_moment), ("measure", is_number)):
        if getattr(layer, role):
            _column(layer, shape, getattr(layer, role), place + role, fits)
    for name in columns_of(layer.popup) if layer.kind != "choropleth" else ():
        _column(layer, shape, name, f"{place}popup", is_popup_column)
    if layer.time:
        layer = replace(layer, step=_step(layer, table))
    if layer.kind == "choropleth":
        return _with_codes(layer, shape, place)
    if shape.geometry is None:
        raise NothingToPlace(dataset=layer.dataset, kind=layer.drawn.french)
    return layer


def _column(layer: MapLayer, shape: TableShape, name: str, place: str, fits: Fits) -> Column:
    column = shape.get(name)
    if column is not None and fits(column):
        return column
    good = [one for one in shape if fits(one)]
    near = difflib.get_close_matches(name, [one.name for one in good], n=1, cutoff=0.0)
    expected = ", ".join(one.name for one in good[:12]) or "—"
    raise UnfitColumn(
        name=place, column=name, dataset=layer.dataset, nearest=near[0] if near else "—", expected=expected
    )


def _step(layer: MapLayer, table: Table) -> str:
    column = table.shape.get(layer.time)
    if column is None or column.type is ColumnType.INT:
        return ""
    return layer.step or usual_step(table.profile.get(layer.time))


def _with_codes(layer: MapLayer, shape: TableShape, place: str) -> MapLayer:
    codes = [column for column in shape if is_code(column)]
    if not codes:
        raise NoCodes(dataset=layer.dataset)
    column = _column(layer, shape, layer.territory, f"{place}territory", is_code) if layer.territory else codes[0]
    levels = REACHED[column.kind]
    level = layer.level or levels[0]
    if level not in levels:
        raise BadMap(name=f"{place}level", value=level, expected=", ".join(levels))
    if not layer.formula and layer.calculation != "count" and not layer.measure:
        expected = ", ".join(one.name for one in shape if is_number(one)) or "—"
        raise BadMap(name=f"{place}measure", value="—", expected=expected)
    for name in columns_of(layer.popup):
        if name not in SHADE_WORDS:
            raise BadMap(name=f"{place}popup", value=f"{{{name}}}", expected="{territoire}, {valeur}")
    _refuse_wrong_sums(layer, column, level)
    return replace(layer, territory=column.name, level=level)


def _refuse_wrong_sums(layer: MapLayer, column: Column, level: str) -> None:
    brings = level != REACHED[column.kind][0] or column.kind == "iris"
    words = layer.formula or CALCULATIONS[layer.calculation].french.lower()
    if brings and (layer.formula or layer.calculation not in TOGETHER):
        raise NotTogether(calculation=words, what="rassembler les territoires")
    if layer.per and (layer.formula or not CALCULATIONS[layer.calculation].is_additive):
        raise NotTogether(calculation=words, what="rapporter cette mesure aux habitants ou à la surface")
