"""Shaded territories: values of codes brought to the territories that are drawn, and related to what lives or lies there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from parvis.core.atlas.description import MapLayer
from parvis.core.charts.marks import RATES
from parvis.core.charts.places import Place
from parvis.core.charts.questions import GROUP, SERIES, VALUE
from parvis.core.charts.territories import TOGETHER
from parvis.core.text import fold


@dataclass(frozen=True, slots=True)
class Shade:
    """The value of a territory at a moment (empty when no slider runs), and what it was made from."""

    code: str
    name: str
    value: float
    codes: tuple[str, ...]
    """As the rows write them."""
    moment: str = ""
    raw: float = 0.0
    """Before it was related to anything."""
    base: float | None = None
    """The inhabitants or square kilometres it was divided by; None when it was not."""


def shaded(
    layer: MapLayer, rows: Sequence[Mapping[str, Any]], places: Mapping[str, Place]
) -> tuple[list[Shade], tuple[str, ...]]:
    """The value of each territory and moment, by name; and the codes that no territory is known for, or without a base.

    When values cannot be put together and several codes lead to one territory, that of its own present code is kept.
    """
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    left_out: dict[str, None] = {}
    for row in rows:
        code = str(row[GROUP]) if row.get(GROUP) not in (None, "") else ""
        place = places.get(code)
        if not code or row.get(VALUE) is None:
            continue
        if place is None or (layer.per and not RATES[layer.per].base(place)):
            left_out[code] = None
            continue
        moment = str(row[SERIES]) if row.get(SERIES) is not None else ""
        if moment or not layer.time:
            groups.setdefault((place.code, moment), []).append(row)
    shades = [_shade(layer, places, moment, group) for (_code, moment), group in groups.items()]
    return sorted(shades, key=lambda shade: (fold(shade.name), shade.code, shade.moment)), tuple(left_out)


def _shade(layer: MapLayer, places: Mapping[str, Place], moment: str, rows: Sequence[Mapping[str, Any]]) -> Shade:
    place = places[str(rows[0][GROUP])]
    together = None if layer.formula else TOGETHER.get(layer.calculation)
    if together is None and len(rows) > 1:
        rows = [next((row for row in rows if str(row[GROUP]) == place.code), rows[0])]
    raw = float(together(row[VALUE] for row in rows)) if together else float(rows[0][VALUE])
    value, base = raw, None
    if layer.per:
        rate = RATES[layer.per]
        base = float(rate.base(place) or 0)
        value = raw * rate.many / base
    return Shade(place.code, place.name, value, tuple(str(row[GROUP]) for row in rows), moment, raw, base)
