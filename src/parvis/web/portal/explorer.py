"""The Explorer: search, facets, results."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from parvis.core.metadata import THEME_BY_SLUG
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.addresses import absolute_path
from parvis.hub.catalogue.selectors import has_ranks
from parvis.hub.search.corrections import correction
from parvis.hub.search.everything import search_everything, search_values
from parvis.hub.search.rules import (
    DATASET,
    FACET_BY_NAME,
    FACETS,
    OPENDATASOFT_NAMES,
    SORT_BY_NAME,
    FacetCount,
    SearchRequest,
    sorts_here,
)
from parvis.hub.search.selectors import SearchResult, search
from parvis.hub.ui.pagination import pages_of, whole_number
from parvis.hub.ui.templatetags.parvis_ui import theme_name
from parvis.hub.usage.counters import count_search

PAGE_SIZE = 20
SHOWN = 6
"""Values of a facet shown before « Voir plus »."""
MOST_VALUES = 66
MOST_WORDS = 300


@dataclass(frozen=True, slots=True)
class FacetLink:
    """A value of a facet and where a click on it leads: with the filter, or without it when it is active."""

    label: str
    count: int
    active: bool
    address: str
    pictogram: str = ""
    """The theme whose pictogram stands beside it."""


@dataclass(frozen=True, slots=True)
class FacetPanel:
    """A facet as it is shown."""

    name: str
    label: str
    first: list[FacetLink]
    rest: list[FacetLink]


def explore(request: HttpRequest) -> HttpResponse:
    """The results of a search; the bare list is indexed by search engines, filtered pages are not."""
    search_request = read_request(request)
    actor = actor_of(request.user)
    result = search(actor, search_request, announced=True)
    if search_request.page == 1:
        count_search(request, search_request.text, result.total)
    pages = pages_of(result.total, PAGE_SIZE, search_request.page)
    is_first = search_request.page == 1 and not search_request.filters
    facts = {
        "section": "explore",
        "asked": search_request,
        "result": result,
        "pages": pages,
        "sorts": sorts_here(has_ranks=has_ranks()),
        "panels": panels(search_request, result),
        "active": active_filters(search_request, result),
        "hidden": hidden_parameters(search_request),
        "elsewhere": search_everything(actor, search_request.text, but=DATASET, some_words=False) if is_first else [],
        "correction": correction(search_request.text, (dataset.title for dataset in result.datasets)),
        "values": search_values(actor, search_request.text) if is_first else [],
        "filtered": bool(search_request.text or search_request.filters or search_request.sort),
    }
    return render(request, "portal/explore.html", facts)


def read_request(request: HttpRequest) -> SearchRequest:
    """The search that an address asks for; what it does not know is left aside."""
    filters: dict[str, tuple[str, ...]] = {}
    for name in FACET_BY_NAME:
        values = request.GET.getlist(name)
        values += [v for theirs, ours in OPENDATASOFT_NAMES.items() if ours == name for v in _refined(request, theirs)]
        chosen = tuple(dict.fromkeys(value for value in values if value))[:20]
        if chosen:
            filters[name] = chosen
    sort = request.GET.get("tri", "")
    return SearchRequest(
        text=request.GET.get("q", "").strip()[:MOST_WORDS],
        filters=filters,
        sort=sort if sort in SORT_BY_NAME else "",
        page=whole_number(request, "page", 1, most=100_000),
        page_size=PAGE_SIZE,
    )


def _refined(request: HttpRequest, name: str) -> list[str]:
    """Values of ``refine.<name>=``, whose labels are turned into our slugs where they differ."""
    slug_by_label = {row.label.casefold(): row.slug for row in _theme_rows()} if name == "theme" else {}
    return [slug_by_label.get(value.casefold(), value) for value in request.GET.getlist(f"refine.{name}")]


def _theme_rows() -> list[FacetCount]:
    return [FacetCount(slug, term.label, 0, False) for slug, term in THEME_BY_SLUG.items()]


def panels(search_request: SearchRequest, result: SearchResult) -> list[FacetPanel]:
    """The facets that have something to offer."""
    shown = []
    for facet in FACETS:
        rows = result.facets[facet.name]
        chosen = sum(row.active for row in rows)
        if rows:  # one value alone too: a facet that goes as one narrows says nothing of why
            links = [_link(search_request, facet.name, row) for row in rows[:MOST_VALUES]]
            cut = max(SHOWN, chosen)
            shown.append(FacetPanel(facet.name, str(facet.label), links[:cut], links[cut:]))
    return shown


def _link(search_request: SearchRequest, name: str, row: FacetCount) -> FacetLink:
    address = _with(search_request, name, row.slug, add=not row.active)
    return FacetLink(label_of(name, row), row.count, row.active, address, row.slug if name == "theme" else "")


def label_of(name: str, row: FacetCount) -> str:
    """A value's label in the page's language."""
    return theme_name(row.slug) if name == "theme" else row.label


def active_filters(search_request: SearchRequest, result: SearchResult) -> list[FacetLink]:
    """The chosen filters, each with the address that drops it."""
    return [
        _link(search_request, name, row) for name in search_request.filters for row in result.facets[name] if row.active
    ]


def _with(search_request: SearchRequest, name: str, slug: str, *, add: bool) -> str:
    """The address of the search with one value of a facet more or less, from its first page."""
    values = [value for value in search_request.filters.get(name, ()) if value != slug] + ([slug] if add else [])
    filters = {**search_request.filters, name: tuple(values)}
    pairs = [("q", search_request.text)] if search_request.text else []
    pairs += [(facet, value) for facet in FACET_BY_NAME for value in filters.get(facet, ())]
    pairs += [("tri", search_request.sort)] if search_request.sort else []
    return absolute_path(f"/explore/?{urlencode(pairs)}" if pairs else "/explore/")


def hidden_parameters(search_request: SearchRequest) -> list[tuple[str, str]]:
    """The filters as hidden fields, so that another search or sort keeps them."""
    return [(name, value) for name, values in search_request.filters.items() for value in values]
