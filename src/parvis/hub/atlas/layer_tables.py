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
from parvis.core.columns import Column
from parvis.hub.accounts.rules import Actor
from parvis.hub.atlas import layer_queries
from parvis.hub.atlas.answers import Answered, LayerAnswer, geometry_of, level_words
from parvis.hub.atlas.presentation import ranked_shades, row_trail, shade_trail, value_text
from parvis.hub.drawings.trails import rows_address
from parvis.hub.maps import naming
from parvis.hub.maps.naming import Names, label_of, row_name
from parvis.hub.ui.formatting import number
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
        _of_shades(answered, layer_answer)
        if layer_answer.is_shaded
        else _of_rows(actor, answered, layer_answer, centre)
        for layer_answer in answered.layers
    ]


def _of_shades(answered: Answered, layer_answer: LayerAnswer) -> Listing:
    language = answered.language
    ranked = ranked_shades(layer_answer)
    rows = [
        [
            ListCell(shade.name),
            ListCell(
                value_text(layer_answer, shade.value, language),
                True,
                shade_trail(answered, layer_answer, shade) if rank < LISTED * 2 else None,
            ),
            ListCell(layer_answer.legend.step_of(shade.value).text),
        ]
        for rank, shade in enumerate(ranked[:SHADES_LISTED])
    ]
    heads = (
        ListCell(level_words(layer_answer.layer, language)),
        ListCell(layer_answer.layer.label if layer_answer.is_named else layer_answer.legend.title, True),
        ListCell(_("Classe")),
    )
    return Listing(
        layer_answer.layer.label, heads, rows, len(ranked), _table(layer_answer), _note_of_shades(layer_answer)
    )


def _note_of_shades(layer_answer: LayerAnswer) -> str:
    notes = []
    hidden = [shade.name for shade in layer_answer.shades if shade.code not in (layer_answer.contours or {})]
    if hidden:
        template = ngettext(
            "%(count)s territoire n’a pas de contour livré : il est dans la liste, pas sur la carte.",
            "%(count)s territoires n’ont pas de contour livré : ils sont dans la liste, pas sur la carte.",
            len(hidden),
        )
        notes.append(template % {"count": number(len(hidden))})
    if layer_answer.left_out:
        template = ngettext(
            "%(count)s code n’est pas connu, ou sans habitants ni surface : %(codes)s.",
            "%(count)s codes ne sont pas connus, ou sans habitants ni surface : %(codes)s.",
            len(layer_answer.left_out),
        )
        notes.append(
            template % {"count": number(len(layer_answer.left_out)), "codes": ", ".join(layer_answer.left_out[:8])}
        )
    return " ".join(notes)


def _of_rows(actor: Actor, answered: Answered, layer_answer: LayerAnswer, centre: Centre | None) -> Listing:
    rows = list(_nearest(actor, answered, layer_answer, centre) if centre else layer_answer.rows)[:LISTED]
    called, names = layer_answer.naming, layer_answer.names
    naming_columns = {column.name for column in (called.title or called.described)}
    columns = [column for column in layer_answer.fields if column.name not in naming_columns][: COLUMNS - 1]
    listed = []
    for rank, row in enumerate(rows, start=1):
        text = row_name(called, row, names) or _("Ligne %(number)s") % {"number": number(rank)}
        cells = [ListCell(text, False, row_trail(layer_answer, row, text))]
        if centre:
            cells.append(ListCell(_distance(layer_answer, row, centre), True))
        cells += [ListCell(naming.value_text(c, row.get(c.name), names), c.type.is_number) for c in columns]
        listed.append(cells)
    heads = [ListCell(called.leading.label if called.leading else _("Lieu"))]
    heads += [ListCell(_("Distance"), True)] if centre else []
    heads += [ListCell(_with_unit(column, names), column.type.is_number) for column in columns]
    return Listing(layer_answer.layer.label, tuple(heads), listed, layer_answer.total, _table(layer_answer))


def _with_unit(column: Column, names: Names) -> str:
    unit, label = column.annotations.get("unit") if column.type.is_number else "", label_of(column, names)
    return f"{label} ({unit})" if unit else label


def _nearest(actor: Actor, answered: Answered, layer_answer: LayerAnswer, centre: Centre) -> list[Mapping[str, Any]]:
    """The rows nearest to a place: among all of a small layer, asked of the engine for a large one of points."""
    rows = layer_answer.rows
    column = layer_answer.asked.source.shape.get(layer_answer.geometry)
    if layer_answer.is_large and column is not None and column.type.value == "geo_point_2d":
        layer = replace(
            layer_answer.layer, where=(*layer_answer.layer.where, f"{name_of(layer_answer.geometry)} is not null")
        )
        names = [layer_answer.geometry, *(field.name for field in layer_answer.fields)]
        question = rows_question(layer, names, answered.moment, timezone=settings.TIME_ZONE)
        near = f"distance({name_of(layer_answer.geometry)}, geom'POINT({centre[0]:.6f} {centre[1]:.6f})')"
        query = replace(layer_answer.asked, question=replace(question, order_by=near, limit=LISTED))
        rows, _total = layer_queries.rows_of(actor, query)
    return sorted(rows, key=lambda row: _metres(layer_answer, row, centre))


def _metres(layer_answer: LayerAnswer, row: Mapping[str, Any], centre: Centre) -> float:
    geometry = geometry_of(row.get(layer_answer.geometry))
    if geometry is None:
        return float("inf")
    place = shapely.geometry.shape(geometry).centroid
    return float("inf") if place.is_empty else metres(centre, (place.x, place.y))


def _distance(layer_answer: LayerAnswer, row: Mapping[str, Any], centre: Centre) -> str:
    distance = _metres(layer_answer, row, centre)
    if distance == float("inf"):
        return ""
    return f"{number(round(distance, -1))}\u00a0m" if distance < 995 else f"{number(round(distance / 1000, 1))}\u00a0km"


def _table(layer_answer: LayerAnswer) -> str:
    dataset = layer_answer.asked.dataset
    question = replace(layer_answer.asked.question, where=layer_answer.layer.where)
    return rows_address(replace(layer_answer.asked, question=question)) or f"{dataset.get_absolute_url()}table/"
