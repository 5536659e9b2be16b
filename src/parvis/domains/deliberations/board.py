"""The completeness board: what is online and what is missing, as a page and as a table for programs."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.domains.deliberations import completeness
from parvis.domains.deliberations.completeness import Row
from parvis.hub.collections.views import opened

MOST_ROWS = 200
"""Rows of the page: the file has them all."""
MOST_IN_WORDS = 12
"""Rows of which what is missing is named: for more, one organisation is to be chosen."""
MOST_TEXT = 100
COLUMNS = (
    ("organisation", "name"),
    ("annee", "year"),
    ("seances_attendues", "expected"),
    ("seances_tenues", "held"),
    ("listes_hors_delai", "late_lists"),
    ("actes_deposes", "deposited"),
    ("actes_confirmes", "confirmed"),
    ("actes_transmis", "transmitted"),
    ("actes_en_ligne", "published"),
    ("actes_cherchables", "searchable"),
    ("confiance_moyenne", "mean_confidence"),
    ("confiance_la_plus_basse", "least_confidence"),
    ("pages_illisibles", "unreadable_pages"),
    ("numeros_manquants", "missing"),
    ("delai_median_jours", "usual_delay"),
    ("delai_le_plus_long_jours", "worst_delay"),
    ("actes_retires", "withdrawn"),
)


@dataclass(frozen=True, slots=True)
class BoardChoice:
    """What the address asks for: an organisation by its slug, a year; empty and None for all."""

    organisation: str
    year: int | None

    @classmethod
    def read(cls, request: HttpRequest, years: Sequence[int]) -> BoardChoice:
        """The latest year begun, unless the address says; nonsense is left out."""
        organisation, text = request.GET.get("organisation", "")[:MOST_TEXT], request.GET.get("annee")
        if text is None:
            today = timezone.localdate().year
            return cls(organisation, next((year for year in years if year <= today), None))
        return cls(organisation, next((year for year in years if str(year) == text), None))


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The table, then what is missing in words."""
    years = completeness.years()
    choice = BoardChoice.read(request, years)
    rows = completeness.board(choice.organisation, choice.year)
    facts: dict[str, Any] = {
        "rows": rows[:MOST_ROWS],
        "more": max(len(rows) - MOST_ROWS, 0),
        "gaps": [row for row in rows if row.has_gaps] if len(rows) <= MOST_IN_WORDS else (),
        "is_wide": len(rows) > MOST_IN_WORDS,
        "choice": choice,
        "years": years,
        "organisations": completeness.organisations(),
        "legal": completeness.LEGAL_MEETINGS,
    }
    response = render(request, "deliberations/board.html", facts)
    if set(request.GET):
        response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The same as CSV, every year of every organisation unless the address says."""
    choice = (
        BoardChoice.read(request, completeness.years()) if "annee" in request.GET else BoardChoice.read(request, ())
    )
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(name for name, _attribute in COLUMNS)
    for row in completeness.board(choice.organisation, choice.year):
        writer.writerow(_cell(row, attribute) for _name, attribute in COLUMNS)
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="exhaustivite-des-actes.csv"'
    return opened(response)


def _cell(row: Row, attribute: str) -> Any:
    value = getattr(row, attribute)
    if isinstance(value, float):
        return round(value, 1)
    if isinstance(value, list | tuple):
        return " ".join(value)
    return "" if value is None else value
