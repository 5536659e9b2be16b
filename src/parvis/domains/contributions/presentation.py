"""Words and rows of pages: a difference cell by cell, the fields of a form with their suggestions."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from parvis.core.columns import Column, ColumnType
from parvis.core.geo.svg import frame
from parvis.domains.contributions.forms import PREFIX, RowForm, suggestions
from parvis.domains.contributions.models import Correction, Proposal, values_of
from parvis.domains.contributions.rules import Kind
from parvis.hub.ui.formatting import written

WIDTH, SMALLEST = 480, 0.0004
"""Units of the drawing of a move; degrees around a small one, some forty metres."""
EARTH = 6_371_008.8
"""Metres."""

if TYPE_CHECKING:
    from parvis.domains.contributions.tables import ContributedTable


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """One column of a difference: what was seen, what is asked, what is there now."""

    name: str
    label: str
    before: str
    after: str
    now: str
    moved: bool
    """The row says something else by now than what its author saw."""
    raw: str
    """What is asked, as the form of the moderator shows it."""
    accepted: str = ""

    @property
    def lines(self) -> int:
        """How many lines its input shows."""
        return min(6, 1 + self.raw.count("\n") + len(self.raw) // 60)


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A field of a form with the values that the column has already."""

    field: Any
    values: tuple[str, ...]
    list_id: str
    is_required: bool
    trail: str = ""
    """Where its value comes from, when a contribution changed it."""


def shown_value(column: Column, value: str | None) -> str:
    """A canonical text as people read it, by its label when it has one."""
    if value is None:
        return ""
    if label := column.label_of(value):
        return label
    match column.type:
        case ColumnType.INT | ColumnType.DOUBLE:
            return written(float(value), column)
        case ColumnType.BOOLEAN:
            return _("oui") if value == "true" else _("non")
        case ColumnType.DATE:
            return date_format(date.fromisoformat(value), "j F Y")
        case ColumnType.DATETIME:
            return date_format(timezone.localtime(datetime.fromisoformat(f"{value}+00:00")), "j F Y H:i")
        case _ if "multivalued" in column.annotations:
            return " ; ".join(json.loads(value))
        case _:
            return value


def cells_of(
    table: ContributedTable, proposal: Proposal, row: dict[str, str | None] | None = None
) -> list[ChangedCell]:
    """The difference that a proposal makes; ``row`` is the row as it is now, when it was read."""
    seen, changes = values_of(proposal.row), values_of(proposal.changes)
    names = [column.name for column in table.shape if column.name in changes]
    if proposal.kind == Kind.REMOVE:
        names = [column.name for column in table.shape if seen.get(column.name) is not None]
    cells = []
    for name in names:
        column = table.shape.get(name)
        if column is None:
            continue
        now = row.get(name) if row is not None else seen.get(name)
        cells.append(
            ChangedCell(
                name,
                column.label,
                shown_value(column, seen.get(name)),
                shown_value(column, changes.get(name)),
                shown_value(column, now),
                row is not None and now != seen.get(name),
                changes.get(name) or "",
                shown_value(column, values_of(proposal.accepted).get(name)),
            )
        )
    return cells


def columns_of(form: RowForm, trails: Mapping[str, str]) -> list[FormColumn]:
    """The fields of the columns, in order; ``trails`` is what is said of corrected ones."""
    rows = []
    for bound in form.of_columns:
        column = form.table.shape.get(bound.name.removeprefix(PREFIX))
        if column is None:
            continue
        values = suggestions(form.table, column) if not hasattr(bound.field, "choices") else ()
        list_id = f"liste-{column.name}" if values else ""
        if list_id:
            bound.field.widget.attrs["list"] = list_id
        rows.append(FormColumn(bound, values, list_id, bound.field.required, trails.get(column.name, "")))
    return rows


@dataclass(frozen=True, slots=True)
class Move:
    """Two places on a drawing of its own units: from where, to where, how many metres."""

    width: int
    height: int
    start: tuple[int, int]
    end: tuple[int, int]
    metres: int
    others: tuple[tuple[int, int], ...] = ()
    """The rows around, by which one finds one's way."""


def move_of(
    before: tuple[float, float] | None, after: tuple[float, float] | None, others: Iterable[tuple[float, float]] = ()
) -> Move | None:
    """The way from a place (latitude, longitude) to another, among those of other rows; None where nothing moved."""
    if before is None or after is None or before == after:
        return None
    (south, west), (north, east) = tuple(map(min, before, after)), tuple(map(max, before, after))
    around = max((north - south), (east - west), SMALLEST)
    window = frame((west - around, south - around, east + around, north + around), WIDTH, margin=0, tallest=WIDTH)
    metres = round(haversine(before, after))
    drawn = {window.point(longitude, latitude) for latitude, longitude in others}
    start, end = window.point(before[1], before[0]), window.point(after[1], after[0])
    within = (
        point for point in drawn - {start, end} if 0 <= point[0] <= window.width and 0 <= point[1] <= window.height
    )
    return Move(window.width, window.height, start, end, metres, tuple(sorted(within)))


def place_address(place: tuple[float, float] | None) -> str:
    """The page of OpenStreetMap about a place, an ordinary link; empty without one."""
    if place is None:
        return ""
    latitude, longitude = place
    query = f"mlat={latitude}&mlon={longitude}#map=19/{latitude}/{longitude}"
    return f"https://www.openstreetmap.org/?{query}"


def haversine(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Metres between two places, on a sphere."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(math.radians, place)) for place in (first, second))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH * math.asin(math.sqrt(half))


def place_fields(form: RowForm) -> list[str]:
    """The names of the inputs that hold the place of a row: one of both numbers, or the latitude then the longitude."""
    single = [column.name for column in form.table.editable if column.type is ColumnType.GEO_POINT]
    names = single[:1] or list(form.table.position or ())
    inputs = [PREFIX + name for name in names]
    return inputs if all(name in form.fields for name in inputs) else []


def correction_words(table: ContributedTable, correction: Correction) -> str:
    """What a correction does, in one line."""
    if correction.verb != Correction.Verb.CELL:
        return str(correction.get_verb_display())
    column = table.shape.get(correction.column)
    if column is None:
        return correction.column
    before, after = (shown_value(column, value) or "–" for value in (correction.base, correction.ours))
    return f"{column.label} : {before} → {after}"
