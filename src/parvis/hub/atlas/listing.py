"""The same as a map, as a list: a table for each layer, the nearest first when a place was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import shapely
import shapely.geometry
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.core.atlas.distances import metres
from parvis.core.atlas.questions import name_of, rows_question
from parvis.hub.accounts.rules import Actor
from parvis.hub.atlas import fetching
from parvis.hub.atlas.answering import Answered, LayerAnswer, geometry_of, level_words
from parvis.hub.atlas.telling import ranked_shades, row_trail, shade_trail, value_text
from parvis.hub.drawings.trails import rows_address
from parvis.hub.ui.formatting import number, written
from parvis.hub.ui.trail import Trail

LISTED = 60
"""Rows of a layer that are listed; its table has them all."""
SHADES_LISTED = 300
"""Territories that are listed, those of largest values first."""
COLUMNS = 5
"""Columns of the list, the name included."""


@dataclass(frozen=True, slots=True)
class ListCell:
    """A value of a list."""

    text: str
    is_number: bool = False
    trail: Trail | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A layer as a table; ``is_part`` when there are more rows than are listed."""

    title: str
    heads: tuple[ListCell, ...]
    rows: list[list[ListCell]]
    total: int
    table: str
    """Where all rows are."""
    note: str = ""

    @property
    def is_part(self) -> bool:
        """Whether there are more rows than are listed."""
        return len(self.rows) < self.total


type Centre = tuple[float, float]


def listings(actor: Actor, answered: Answered, centre: Centre | None) -> list[Listing]:
    """One table a layer."""
    return [
        _of_shades(answered, one) if one.is_shaded else _of_rows(actor, answered, one, centre)
        for one in answered.layers
    ]


def _of_shades(answered: Answered, one: LayerAnswer) -> Listing:
    language = answered.language
    ranked = ranked_shades(one)
    rows = [
        [
            ListCell(shade.name),
            ListCell(
                value_text(one, shade.value, language),
                True,
                shade_trail(answered, one, shade) if rank < LISTED * 2 else None,
            ),
            ListCell(one.legend.step_of(shade.value).text),
        ]
        for rank, shade in enumerate(ranked[:SHADES_LISTED])
    ]
    heads = (ListCell(level_words(one.layer, language)), ListCell(one.legend.title, True), ListCell(_("Classe")))
    return Listing(one.layer.label, heads, rows, len(ranked), _table(one), _note_of_shades(one))


def _note_of_shades(one: LayerAnswer) -> str:
    notes = []
    hidden = [shade.name for shade in one.shades if shade.code not in (one.contours or {})]
    if hidden:
        told = ngettext(
            "%(count)s territoire n’a pas de contour livré : il est dans la liste, pas sur la carte.",
            "%(count)s territoires n’ont pas de contour livré : ils sont dans la liste, pas sur la carte.",
            len(hidden),
        )
        notes.append(told % {"count": number(len(hidden))})
    if one.left_out:
        told = ngettext(
            "%(count)s code n’est pas connu, ou sans habitants ni surface : %(codes)s.",
            "%(count)s codes ne sont pas connus, ou sans habitants ni surface : %(codes)s.",
            len(one.left_out),
        )
        notes.append(told % {"count": number(len(one.left_out)), "codes": ", ".join(one.left_out[:8])})
    return " ".join(notes)


def _of_rows(actor: Actor, answered: Answered, one: LayerAnswer, centre: Centre | None) -> Listing:
    rows = list(_nearest(actor, answered, one, centre) if centre else one.rows)[:LISTED]
    columns = [column for column in one.fields if column is not one.title][: COLUMNS - 1]
    first = one.title or (columns.pop(0) if columns else None)
    found = []
    for rank, row in enumerate(rows, start=1):
        name = written(row.get(first.name), first) if first else ""
        text = name or _("Ligne %(number)s") % {"number": number(rank)}
        cells = [ListCell(text, False, row_trail(one, row, text))]
        if centre:
            cells.append(ListCell(_distance(one, row, centre), True))
        cells += [ListCell(written(row.get(c.name), c), c.type.is_number) for c in columns]
        found.append(cells)
    heads = [ListCell(first.label if first else _("Lieu"))]
    heads += [ListCell(_("Distance"), True)] if centre else []
    heads += [ListCell(_with_unit(column), column.type.is_number) for column in columns]
    return Listing(one.layer.label, tuple(heads), found, one.total, _table(one))


def _with_unit(column: Any) -> str:
    unit = column.annotations.get("unit") if column.type.is_number else ""
    return f"{column.label} ({unit})" if unit else column.label


def _nearest(actor: Actor, answered: Answered, one: LayerAnswer, centre: Centre) -> list[Mapping[str, Any]]:
    """The rows nearest to a place: among all of a small layer, asked of the engine for a large one of points."""
    rows = one.rows
    column = one.asked.source.shape.get(one.geometry)
    if one.is_large and column is not None and column.type.value == "geo_point_2d":
        layer = replace(one.layer, where=(*one.layer.where, f"{name_of(one.geometry)} is not null"))
        names = [one.geometry, *(field.name for field in one.fields)]
        question = rows_question(layer, names, answered.moment, timezone=settings.TIME_ZONE)
        near = f"distance({name_of(one.geometry)}, geom'POINT({centre[0]:.6f} {centre[1]:.6f})')"
        asked = replace(one.asked, question=replace(question, order_by=near, limit=LISTED))
        rows, _total = fetching.rows_of(actor, asked)
    return sorted(rows, key=lambda row: _metres(one, row, centre))


def _metres(one: LayerAnswer, row: Mapping[str, Any], centre: Centre) -> float:
    geometry = geometry_of(row.get(one.geometry))
    if geometry is None:
        return float("inf")
    place = shapely.geometry.shape(geometry).centroid
    return float("inf") if place.is_empty else metres(centre, (place.x, place.y))


def _distance(one: LayerAnswer, row: Mapping[str, Any], centre: Centre) -> str:
    found = _metres(one, row, centre)
    if found == float("inf"):
        return ""
    return f"{number(round(found, -1))}\u00a0m" if found < 995 else f"{number(round(found / 1000, 1))}\u00a0km"


def _table(one: LayerAnswer) -> str:
    dataset = one.asked.dataset
    question = replace(one.asked.question, where=one.layer.where)
    return rows_address(replace(one.asked, question=question)) or f"{dataset.get_absolute_url()}table/"
