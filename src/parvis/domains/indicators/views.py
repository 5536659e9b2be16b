"""« Indicateurs »: the list, the page of each, the permanent page of each figure. Errors are the wrapper's care (``urls``)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from parvis.core.errors import ParvisError
from parvis.core.metadata import THEMES
from parvis.domains.indicators import selectors
from parvis.domains.indicators.models import Value
from parvis.domains.indicators.services import recomputed
from parvis.domains.indicators.sources import origins
from parvis.domains.indicators.telling import Tile, period_words, problem_of, rows_of, told, turns_of
from parvis.domains.indicators.trails import tiles_of
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue.shared import shared
from parvis.hub.sites.lens import current_lens
from parvis.hub.sites.selectors import face_of
from parvis.hub.ui.templatetags.parvis_ui import canonical

if TYPE_CHECKING:
    from parvis.hub.territories.models import Territory

MOST_TURNS = 50
"""Computings listed on a page."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The indicators of a theme; an empty slug for those of none."""

    theme: str
    tiles: list[Tile]


def indicators(request: HttpRequest) -> HttpResponse:
    """The published indicators with their figure of the day, by theme; ``theme`` shows one theme alone.

    Those of the territory of the site come first. On the site of a commune, what it cannot show is left out.
    """
    actor = actor_of(request.user)
    territory = face_of(request).territory
    part = ("indicators", selectors.figures_stamp(), (territory.pk, territory.population) if territory else None)
    shelves = shared(actor, part, lambda: _shelves(actor, territory), _SIZE)
    themes = {shelf.theme for shelf in shelves}
    asked = request.GET.get("theme", "")
    asked = asked if asked in themes else ""
    facts = {
        "shelves": [shelf for shelf in shelves if not asked or shelf.theme == asked],
        "themes": [(shelf.theme, len(shelf.tiles)) for shelf in shelves if shelf.theme],
        "count": sum(len(shelf.tiles) for shelf in shelves),
        "asked": asked,
    }
    return render(request, "indicators/list.html", facts)


_SIZE = 250_000
"""About what the tiles of a hundred indicators take with their trails."""


def _shelves(actor: Actor, territory: Territory | None) -> list[Shelf]:
    """The published indicators by theme, in the order of the page."""
    found = selectors.seen(actor, selectors.indicators_published(), selectors.code_of(territory))
    if current_lens() is not None:
        found = [one for one in found if one.is_readable]
    if territory is not None:
        found.sort(key=lambda one: not selectors.concerns(one, territory))
    by_theme: dict[str, list[Tile]] = {}
    for one, told_of in zip(found, tiles_of(found), strict=True):
        by_theme.setdefault(one.theme, []).append(told_of)
    known = [theme.slug for theme in THEMES if theme.slug in by_theme]
    known += sorted(by_theme.keys() - set(known), key=lambda slug: (not slug, slug))
    return [Shelf(theme, by_theme[theme]) for theme in known]


def indicator(request: HttpRequest, slug: str) -> HttpResponse:
    """One indicator: its figure, its history, its territories, its method and where it all comes from."""
    actor = actor_of(request.user)
    territory = selectors.code_of(face_of(request).territory)
    one = selectors.seen(actor, [selectors.indicator(actor, slug)], territory)[0]
    computation = one.indicator.latest
    place = one.value.territory if one.value else ""
    turns = selectors.told_in_turn(actor, one.indicator, place) if one.is_readable else []
    facts = {
        "one": one,
        "tile": tiles_of([one])[0],
        "embed": canonical(reverse("indicator-embed", args=[slug])),
        "picture": canonical(reverse("indicator-picture", args=[slug, "png"])),
        "origins": origins(computation) if one.is_readable and computation else [],
        "history": rows_of(one.definition, one.history[::-1]) if len(one.history) > 1 else [],
        "turns": turns_of(turns[-MOST_TURNS:]) if len(turns) > 1 else [],
        **_places(one, selectors.values_of(one)),
    }
    return render(request, "indicators/page.html", facts)


def value(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """One figure for ever: what it is, when and from what it was computed; NotFound when its datasets are not open."""
    found = selectors.value_of(actor_of(request.user), slug, key)
    computation, sources = found.computation, origins(found.computation, found)
    facts = {
        "value": found,
        "again": _again(found) if "refaire" in request.GET else None,
        "computation": computation,
        "definition": computation.described,
        "text": told(computation.described, found.value),
        "period": period_words(found.period or computation.described.period),
        "origins": sources,
        "checked": {one.version.pk: one for one in sources if one.version}.values(),
        "population": (found.parts or {}).get("population"),
        "is_latest": computation.indicator.latest_id == computation.pk,
    }
    return render(request, "indicators/value.html", facts)


def _again(found: Value) -> dict[str, object]:
    """The figure computed once more from the versions of its time: what it is now, and whether it is the same."""
    try:
        amount = recomputed(found)
    except ParvisError as error:
        return {"problem": problem_of(error)}
    same = amount == found.value or (
        amount is not None and found.value is not None and math.isclose(amount, found.value, rel_tol=1e-9)
    )
    return {"text": told(found.computation.described, amount), "same": same}


def _places(one: selectors.Seen, values: list[Value]) -> dict[str, object]:
    """The territories in the latest period that has a value, the largest first."""
    told_first = [value for value in values if value.territory and value.value is not None]
    period = max((value.period for value in told_first), default="")
    kept = sorted(
        (value for value in told_first if value.period == period), key=lambda value: (-(value.value or 0), value.name)
    )
    rows = rows_of(one.definition, kept, bars=True)
    return {
        "places": rows,
        "has_bars": any(row.share is not None for row in rows),
        "places_period": period_words(period),
    }
