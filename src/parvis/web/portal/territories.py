"""Territories: drawn, placed among their kin, with the datasets about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render

from parvis.core.errors import NotFound
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue.selectors import datasets_about, datasets_around, datasets_visible_to
from parvis.hub.sites.lens import current_lens
from parvis.hub.sites.selectors import face_of, lens_on
from parvis.hub.territories.drawing import Paving
from parvis.hub.territories.selectors import (
    Kind,
    at_address,
    children,
    communes_of,
    former_commune,
    parents_of,
    population_year,
    search,
)
from parvis.hub.territories.selectors import territories as territories_of
from parvis.hub.ui.pagination import pages_of, whole_number
from parvis.hub.ui.trail import Trail
from parvis.web.portal.home import amid_its_neighbours, drawn
from parvis.web.portal.map_words import map_words, words_amid
from parvis.web.portal.territory_dossier import dossier
from parvis.web.portal.trails import of_population

if TYPE_CHECKING:
    from parvis.hub.sites.selectors import CommuneSite
    from parvis.hub.territories.models import Territory

PAGE_SIZE, LIST_SIZE, MOST_STONES, MOST_WIDER = 20, 60, 300, 8


@dataclass(frozen=True, slots=True)
class Part:
    """What a territory is made of: with the address of its site, empty where it has none."""

    territory: Territory
    site: str


@dataclass(frozen=True, slots=True)
class Kin:
    """A territory in a list: with its number of datasets."""

    territory: Territory
    count: int


def territories(request: HttpRequest) -> HttpResponse:
    """Search among all the territories of France; without words, those of the site's territory."""
    words = request.GET.get("q", "").strip()[:100]
    own = face_of(request).territory
    facts = {"section": "territories", "asked": words, "own": own}
    if words:
        facts["found"] = search(words, LIST_SIZE)
    else:
        counts = _dataset_counts(actor_of(request.user))
        communes = communes_of(own).order_by("folded") if own else ()
        facts["communes"] = [Kin(commune, counts.get(commune.pk, 0)) for commune in communes]
        facts["with_data"] = _with_data(counts, {commune.pk for commune in communes} | ({own.pk} if own else set()))
        facts["total"] = territories_of().count()
    return render(request, "portal/territories.html", facts)


def territory(request: HttpRequest, address: str) -> HttpResponse:
    """One territory; the code of a former commune leads to the one that took it over."""
    try:
        place = at_address(address)
    except NotFound:
        heir = former_commune(address)
        if heir is None:
            raise
        return HttpResponsePermanentRedirect(heir.get_absolute_url())
    actor, parents = actor_of(request.user), parents_of(place)
    lens = current_lens() or (lens_on(place) if place.kind == Kind.COMMUNE else None)
    datasets = datasets_about(actor, place, lens)
    total = datasets.count()
    pages = pages_of(total, PAGE_SIZE, whole_number(request, "page", 1))
    start = (pages.number - 1) * PAGE_SIZE
    about_it, paving = dossier(actor, place, lens), picture(actor, place)
    year = population_year()
    facts = {
        "section": "territories",
        "territory": place,
        "paving": paving,
        "map_words": words_amid(place, paving) if place.kind == Kind.COMMUNE else map_words(paving, "population"),
        "parents": parents,
        "department_names": [parent.name for parent in parents if parent.kind == Kind.DEPARTMENT],
        "parts": _parts(place, about_it["sites"]),
        "children_total": children(place).count(),
        "population": _population(place, year),
        "population_year": str(year),
        "wider": datasets_around(actor, place, parents).exclude(pk__in=datasets.order_by().values("pk"))[:MOST_WIDER],
        "datasets": datasets[start : start + PAGE_SIZE],
        "total": total,
        "pages": pages,
        **about_it,
    }
    return render(request, "portal/territory.html", facts)


def _parts(place: Territory, sites: Sequence[CommuneSite]) -> list[Part]:
    addresses = {site.code: site.address for site in sites}
    rows = children(place).order_by("folded")[:MOST_STONES]
    return [Part(row, addresses.get(row.code, "")) for row in rows]


def picture(actor: Actor, place: Territory) -> Paving | None:
    """The drawing of a territory: a commune amid its neighbours, others by their parts; None when none is known."""
    if place.kind == Kind.COMMUNE:
        return amid_its_neighbours(place)
    return drawn(actor, place, "population")


def _population(place: Territory, year: int) -> Trail | None:
    population = place.population
    if population is None:
        population = communes_of(place).aggregate(total=Sum("population"))["total"]
    return None if population is None else of_population(place, population, year)


def _dataset_counts(actor: Actor) -> dict[int, int]:
    counted = territories_of().filter(dataset__in=datasets_visible_to(actor).values("pk"))
    return dict(counted.order_by().annotate(count=Count("dataset", distinct=True)).values_list("pk", "count"))


def _with_data(counts: dict[int, int], shown: set[int]) -> list[Kin]:
    others = territories_of().filter(pk__in=counts.keys() - shown)
    return [Kin(territory, counts[territory.pk]) for territory in others[:LIST_SIZE]]
