"""« Qualité des données »: the datasets of the portal or of one organisation with their scores, worst first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from parvis.hub.accounts.selectors import actor_of
from parvis.hub.accounts.selectors import organisation as organisation_of
from parvis.hub.quality.boards import board_facts
from parvis.hub.quality.selectors import Line, summary, visible_board
from parvis.web.portal.pages import pages_of, whole_number

PAGE_SIZE = 50


def board(request: HttpRequest) -> HttpResponse:
    """Every published dataset the reader may see."""
    lines = visible_board(actor_of(request.user))
    facts = {"section": "organisations", "organisation": None, "owners": _owners(lines)}
    return render(request, "portal/quality_board.html", {**facts, **_page(request, lines)})


def organisation_board(request: HttpRequest, slug: str) -> HttpResponse:
    """Those of one organisation."""
    found = organisation_of(slug)
    lines = visible_board(actor_of(request.user), found)
    facts = {"section": "organisations", "organisation": found}
    return render(request, "portal/quality_board.html", {**facts, **_page(request, lines)})


def _page(request: HttpRequest, lines: Sequence[Line]) -> dict[str, Any]:
    """Figures, pictures and one page of the table, in the order asked by ``?tri=``."""
    pages = pages_of(len(lines), PAGE_SIZE, whole_number(request, "page", 1))
    start = (pages.number - 1) * PAGE_SIZE
    return {"pages": pages, **board_facts(lines, request.GET.get("tri", "note")[:40], start, PAGE_SIZE)}


def _owners(lines: Sequence[Line]) -> list[tuple[str, str, int, float | None]]:
    """Each organisation: slug, name, number of datasets, mean score; lowest mean first."""
    groups: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        groups.setdefault((line.organisation_slug, line.organisation), []).append(line)
    rows = [(slug, name, len(group), summary(group)["mean"]) for (slug, name), group in groups.items()]
    return sorted(rows, key=lambda row: (row[3] is None, row[3] or 0, row[1]))
