"""The « Profil » tab of a dataset: what each column holds, drawn once at publication."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from parvis.core.columns import Column
from parvis.core.quality.portraits import Portrait
from parvis.core.quality.value_rules import RULE_BY_KIND
from parvis.hub.catalogue.models import Dataset
from parvis.hub.datastore.selectors import shape_of
from parvis.hub.quality.pictures import DrawnBar, distribution
from parvis.hub.quality.selectors import portraits_of
from parvis.hub.ui.formatting import cell, number, percent
from parvis.web.portal.dataset import of_dataset, shared_facts, type_name
from parvis.web.portal.pages import pages_of, whole_number

PAGE_SIZE = 24
LONGEST = 60
YEAR = "year"
"""Kind of the columns of years, which are numbers written in one piece."""
SHOWN_BESIDE_BARS = 5
STANDS_OUT = 5.0
"""Out of 100 filled cells: a usual number or date is told beside the bars from this share on."""


@dataclass(frozen=True, slots=True)
class TopRow:
    """A usual value: how often it is met, and its share of the filled cells, out of 100."""

    text: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """One column as the page shows it."""

    column: Column
    kind: str
    filled_share: float
    filled_text: str
    portrait: Portrait
    facts: tuple[tuple[str, str], ...]
    bars: tuple[DrawnBar, ...]
    top: tuple[TopRow, ...]
    is_kept_back: bool
    """Its usual values may name people: they are left to the table."""


@of_dataset
def profile_page(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """The columns of the version online, some at a time."""
    drawn = portraits_of(dataset.current)
    shape = shape_of(dataset)
    pages = pages_of(len(drawn or ()), PAGE_SIZE, whole_number(request, "page", 1))
    start = (pages.number - 1) * PAGE_SIZE
    shown = (drawn or [])[start : start + PAGE_SIZE]
    facts = {
        **shared_facts(dataset, "profile"),
        "is_drawn": drawn is not None,
        "pages": pages,
        "columns": [_row(column, portrait) for portrait in shown if (column := shape.get(portrait.name))],
        "count": len(drawn or ()),
    }
    return render(request, "portal/dataset_profile.html", facts)


def _row(column: Column, portrait: Portrait) -> ColumnRow:
    total = portrait.filled + portrait.empty
    share = portrait.filled / total if total else 0.0
    rule = RULE_BY_KIND.get(column.kind)
    kept_back = rule is not None and rule.personal
    top = () if kept_back or column.type.is_geographic else _top(column, portrait)
    return ColumnRow(
        column, type_name(column), share * 100, percent(share), portrait,
        tuple(_facts(column, portrait)), tuple(distribution(portrait, years=column.kind == YEAR)), top, kept_back,
    )  # fmt: skip


def _top(column: Column, portrait: Portrait) -> tuple[TopRow, ...]:
    """The usual values; none when each is met once, or when the bars already say it: one by one, or none stands out."""
    if all(count == 1 for _value, count in portrait.top) or any(bar.low == bar.high for bar in portrait.bars):
        return ()
    rows = [
        TopRow(_shown(value, column), count, count / max(portrait.filled, 1) * 100) for value, count in portrait.top
    ]
    return tuple(row for row in rows[:SHOWN_BESIDE_BARS] if row.share >= STANDS_OUT) if portrait.bars else tuple(rows)


def _shown(value: str, column: Column) -> str:
    if column.type.value == "boolean":
        return _("oui") if value.lower() == "true" else _("non")
    if column.kind == YEAR:
        return value
    text = cell(float(value), "double", column.annotations) if column.type.is_number else cell(value, column.type)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _facts(column: Column, portrait: Portrait) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if not column.type.is_geographic:
        found.append((_("Valeurs distinctes"), number(portrait.distinct)))
    for label, value in ((_("Plus petite"), portrait.minimum), (_("Plus grande"), portrait.maximum)):
        if value is not None:
            text = str(value) if column.kind == YEAR else cell(value, column.type, column.annotations)
            found.append((label, text))
    if column.kind == YEAR:
        return found
    if portrait.mean is not None:
        found.append((_("Moyenne"), number(float(f"{portrait.mean:.6g}"))))
    if portrait.quartiles:
        found.append((_("Médiane (environ)"), number(float(f"{portrait.quartiles[1]:.6g}"))))
        low, high = (number(float(f"{portrait.quartiles[rank]:.6g}")) for rank in (0, 2))
        found.append((_("La moitié des valeurs"), _("de %(low)s à %(high)s") % {"low": low, "high": high}))
    if portrait.lengths:
        low, high = portrait.lengths
        found.append(
            (_("Longueur des textes"), _("de %(low)s à %(high)s signes") % {"low": number(low), "high": number(high)})
        )
    return found
