"""« Qualité des données »: the datasets of the portal or of one organisation with their scores, worst first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.hub.accounts.selectors import actor_of
from parvis.hub.accounts.selectors import organisation as organisation_of
from parvis.hub.catalogue.provenance import counted
from parvis.hub.quality.boards import board_facts, read_board_request
from parvis.hub.quality.selectors import Line, summary, visible_board
from parvis.hub.ui.formatting import number
from parvis.hub.ui.pagination import pages_of, whole_number
from parvis.hub.ui.trail import Trail

PAGE_SIZE = 50


def board(request: HttpRequest) -> HttpResponse:
    """Every published dataset the reader may see."""
    lines = visible_board(actor_of(request.user))
    facts = {"section": "explore", "organisation": None, "owners": _owners(lines)}
    return render(request, "portal/quality_board.html", {**facts, **_page(request, lines)})


def organisation_board(request: HttpRequest, slug: str) -> HttpResponse:
    """Those of one organisation."""
    organisation = organisation_of(slug)
    lines = visible_board(actor_of(request.user), organisation)
    facts = {"section": "explore", "organisation": organisation}
    return render(request, "portal/quality_board.html", {**facts, **_page(request, lines)})


def _page(request: HttpRequest, lines: Sequence[Line]) -> dict[str, Any]:
    """Figures, pictures and one page of the lines that are asked for."""
    board_request = read_board_request(request.GET)
    matching = [line for line in lines if board_request.keeps(line)]
    pages = pages_of(len(matching), PAGE_SIZE, whole_number(request, "page", 1))
    return {"pages": pages, **board_facts(lines, matching, board_request, (pages.number - 1) * PAGE_SIZE, PAGE_SIZE)}


def _owners(lines: Sequence[Line]) -> list[tuple[str, str, Trail, Trail]]:
    """Each organisation: slug, name, number of datasets, mean score; lowest mean first."""
    groups: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        groups.setdefault((line.organisation_slug, line.organisation), []).append(line)
    rows = [(slug, name, len(group), summary(group)["mean"]) for (slug, name), group in groups.items()]
    rows.sort(key=lambda row: (row[3] is None, row[3] or 0, row[1]))
    return [
        (
            slug, name,
            counted(number(count), reverse("organisation-quality", args=[slug]), _("jeux publiés par %s") % name),
            counted(number(mean), reverse("organisation-quality", args=[slug]), _("moyenne des notes des jeux de %s") % name),
        )
        for slug, name, count, mean in rows
    ]  # fmt: skip
