"""The « Profil » tab of a dataset: what each column holds, drawn once at publication."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.core.columns import Column
from parvis.core.profiling.missing_words import REASON_OF
from parvis.core.quality.portraits import Bar, Portrait
from parvis.core.quality.value_rules import RULE_BY_KIND
from parvis.hub.catalogue.provenance import shared_provenance
from parvis.hub.datastore.selectors import described_source, shape_of
from parvis.hub.quality.pictures import DrawnBar, distribution
from parvis.hub.quality.selectors import portraits_of
from parvis.hub.ui.columns import type_name
from parvis.hub.ui.formatting import cut, number, percent, written, written_of_profile
from parvis.hub.ui.pagination import pages_of, whole_number
from parvis.hub.ui.trail import Trail
from parvis.web.portal.dataset import of_dataset_here, shared_facts
from parvis.web.portal.trails import Measured

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

PAGE_SIZE = 24
LONGEST = 60
YEAR = "year"
"""Kind of the columns of years, which are numbers written in one piece."""
SHOWN_BESIDE_BARS = 5
STANDS_OUT = 5.0
"""Out of 100 filled cells: a usual number or date is told beside the bars from this share on."""
MOST_WORDS = 8
REASONS = {
    "values-absent": gettext_lazy("valeur absente"),
    "values-secret": gettext_lazy("couverte par un secret"),
    "values-insignificant": gettext_lazy("non significative"),
    "values-not-applicable": gettext_lazy("sans objet"),
    "values-in-error": gettext_lazy("erreur de tableur"),
}
"""Why a value is missing, by the code of the note that tells of it."""


@dataclass(frozen=True, slots=True)
class TopRow:
    """A usual value: how often it is met, and its share of the filled cells, out of 100."""

    text: str
    count: Trail
    share: float


@dataclass(frozen=True, slots=True)
class BarRow:
    """One bar in figures."""

    words: str
    count: Trail


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """One column as the page shows it."""

    column: Column
    kind: str
    filled_share: float
    filled: Trail
    empty: Trail
    portrait: Portrait
    facts: tuple[tuple[str, Trail], ...]
    bars: tuple[DrawnBar, ...]
    counts: tuple[BarRow, ...]
    """The same bars in figures."""
    top: tuple[TopRow, ...]
    missing: tuple[str, ...]
    """The words of the file that were read as no value, with their count and their reason."""
    is_kept_back: bool
    """Its usual values may name people: they are left to the table."""


@of_dataset_here
def profile_page(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """The columns of the version online, some at a time."""
    drawn = portraits_of(dataset.current)
    shape = shape_of(dataset)
    pages = pages_of(len(drawn or ()), PAGE_SIZE, whole_number(request, "page", 1))
    start = (pages.number - 1) * PAGE_SIZE
    measured = Measured(dataset, dataset.current, of_all_rows=True)
    shown = (drawn or [])[start : start + PAGE_SIZE]
    source = described_source(dataset, dataset.current)
    words = {name: profile.missing for name, profile in source.manifest.profile.items()} if source else {}
    facts = {
        **shared_facts(dataset, "profile"),
        "is_drawn": drawn is not None,
        "pages": pages,
        "columns": [
            _row(measured, column, portrait, _missing(words.get(portrait.name, {})))
            for portrait in shown
            if (column := shape.get(portrait.name))
        ],
        "shared_trail": shared_provenance(dataset, dataset.current),
        "count": len(drawn or ()),
    }
    return render(request, "portal/dataset_profile.html", facts)


def _missing(words: Mapping[str, int]) -> tuple[str, ...]:
    phrase = _("« %(word)s » × %(count)s, %(reason)s")
    return tuple(
        phrase % {"word": word, "count": number(count), "reason": REASONS[REASON_OF.get(word.lower(), "values-absent")]}
        for word, count in list(words.items())[:MOST_WORDS]
    )


def _row(measured: Measured, column: Column, portrait: Portrait, missing: tuple[str, ...]) -> ColumnRow:
    total = portrait.filled + portrait.empty
    share = portrait.filled / total if total else 0.0
    rule = RULE_BY_KIND.get(column.kind)
    kept_back = rule is not None and rule.personal
    drawn = tuple(distribution(portrait, years=column.kind == YEAR))
    empty = measured.of_column(
        column, number(portrait.empty), _("cases vides de la colonne"), (column.name, "vide", "")
    )
    return ColumnRow(
        column, type_name(column), share * 100, measured.filled(column, percent(share)), empty, portrait,
        tuple(_facts(measured, column, portrait)), drawn, tuple(_counts(measured, column, portrait, drawn)),
        () if kept_back or column.type.is_geographic else _top(measured, column, portrait), missing, kept_back,
    )  # fmt: skip


def _counts(measured: Measured, column: Column, portrait: Portrait, drawn: tuple[DrawnBar, ...]) -> Iterator[BarRow]:
    for bar, shown in zip(portrait.bars, drawn, strict=True):
        meaning = _("lignes de cette tranche (%s) de la colonne") % shown.words
        yield BarRow(shown.words, measured.of_column(column, number(bar.count), meaning, *_within(column, bar)))


def _within(column: Column, bar: Bar) -> Iterator[tuple[str, str, str]]:
    """The filters of the table that leave the rows of a bar."""
    if bar.low is not None and bar.low == bar.high:
        yield column.name, "egal", str(bar.low)
        return
    if bar.low is not None:
        yield column.name, "min", str(bar.low)
    if bar.high is not None:
        yield column.name, "moins", str(bar.high)


def _top(measured: Measured, column: Column, portrait: Portrait) -> tuple[TopRow, ...]:
    """The usual values; none when each is met once, or when the bars already say it: one by one, or none stands out."""
    if all(count == 1 for _value, count in portrait.top) or any(bar.low == bar.high for bar in portrait.bars):
        return ()
    rows = []
    for value, count in portrait.top:
        text = cut(written_of_profile(value, column), LONGEST)
        meaning = _("lignes dont la valeur est %s dans la colonne") % text
        trail = measured.of_column(column, number(count), meaning, (column.name, "egal", value))
        rows.append(TopRow(text, trail, count / max(portrait.filled, 1) * 100))
    return tuple(row for row in rows[:SHOWN_BESIDE_BARS] if row.share >= STANDS_OUT) if portrait.bars else tuple(rows)


def _facts(measured: Measured, column: Column, portrait: Portrait) -> Iterator[tuple[str, Trail]]:
    name = column.name

    def fact(label: str, text: str, meaning: str, sort: str = "") -> tuple[str, Trail]:
        return label, measured.of_column(column, text, meaning, sort=sort)

    if not column.type.is_geographic:
        yield _("Valeurs distinctes"), measured.distinct(column, portrait.distinct)
    if portrait.minimum is not None:
        yield fact(_("Plus petite"), written(portrait.minimum, column), _("plus petite valeur de la colonne"), name)
    if portrait.maximum is not None:
        yield fact(
            _("Plus grande"), written(portrait.maximum, column), _("plus grande valeur de la colonne"), f"-{name}"
        )
    if column.kind == YEAR:
        return
    if portrait.mean is not None:
        yield fact(_("Moyenne"), _rounded(portrait.mean), _("moyenne de la colonne"))
    if portrait.quartiles:
        low, median, high = map(_rounded, portrait.quartiles)
        yield fact(_("Médiane (environ)"), median, _("médiane approchée de la colonne"), name)
        half = _("de %(low)s à %(high)s") % {"low": low, "high": high}
        yield fact(_("La moitié des valeurs"), half, _("premier et troisième quartiles approchés de la colonne"), name)
    if portrait.lengths:
        low, high = map(number, portrait.lengths)
        span = _("de %(low)s à %(high)s signes") % {"low": low, "high": high}
        yield fact(_("Longueur des textes"), span, _("le plus court et le plus long texte de la colonne"))


def _rounded(value: float) -> str:
    return number(float(f"{value:.6g}"))
