"""The Explorer: search, facets, results."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from parvis.core.metadata import THEME_BY_SLUG
from parvis.core.text import fold
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.addresses import here
from parvis.hub.search.records import search_records
from parvis.hub.search.rules import (
    FACET_BY_NAME,
    FACETS,
    OPENDATASOFT_NAMES,
    SORT_BY_NAME,
    SORTS,
    FacetCount,
    SearchRequest,
)
from parvis.hub.search.selectors import SearchResult, search
from parvis.hub.territories import selectors as territories
from parvis.hub.ui.paging import pages_of, whole_number
from parvis.hub.ui.templatetags.parvis_ui import theme_name
from parvis.hub.usage.counting import count_search

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


@dataclass(frozen=True, slots=True)
class FacetPanel:
    """A facet as it is shown."""

    name: str
    label: str
    first: list[FacetLink]
    rest: list[FacetLink]


def explore(request: HttpRequest) -> HttpResponse:
    """The results of a search; the bare list is indexed by search engines, filtered pages are not."""
    asked = read_request(request)
    actor = actor_of(request.user)
    result = search(actor, asked, announced=True)
    if asked.page == 1:
        count_search(request, asked.text, result.total)
    pages = pages_of(result.total, PAGE_SIZE, asked.page)
    exact = next(iter(territories.search(asked.text, 1)), None) if asked.text else None
    facts = {
        "section": "explore",
        "asked": asked,
        "result": result,
        "pages": pages,
        "sorts": SORTS,
        "panels": panels(asked, result),
        "active": active_filters(asked, result),
        "hidden": kept_parameters(asked),
        "elsewhere": search_records(actor, asked.text) if asked.page == 1 and not asked.filters else [],
        "exact": exact if exact and _is_exact(exact, asked.text) else None,
        "filtered": bool(asked.text or asked.filters or asked.sort),
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
    known = {row.label.casefold(): row.slug for row in _theme_rows()} if name == "theme" else {}
    return [known.get(value.casefold(), value) for value in request.GET.getlist(f"refine.{name}")]


def _theme_rows() -> list[FacetCount]:
    return [FacetCount(slug, term.label, 0, False) for slug, term in THEME_BY_SLUG.items()]


def panels(asked: SearchRequest, result: SearchResult) -> list[FacetPanel]:
    """The facets that have something to offer."""
    shown = []
    for facet in FACETS:
        rows = result.facets[facet.name]
        chosen = sum(row.active for row in rows)
        if len(rows) > 1 or chosen or (rows and facet.name == "carte"):
            links = [_link(asked, facet.name, row) for row in rows[:MOST_VALUES]]
            cut = max(SHOWN, chosen)
            shown.append(FacetPanel(facet.name, str(facet.label), links[:cut], links[cut:]))
    return shown


def _link(asked: SearchRequest, name: str, row: FacetCount) -> FacetLink:
    return FacetLink(label_of(name, row), row.count, row.active, _with(asked, name, row.slug, add=not row.active))


def label_of(name: str, row: FacetCount) -> str:
    """A value's label in the page's language."""
    return theme_name(row.slug) if name == "theme" else row.label


def active_filters(asked: SearchRequest, result: SearchResult) -> list[FacetLink]:
    """The chosen filters, each with the address that drops it."""
    return [_link(asked, name, row) for name in asked.filters for row in result.facets[name] if row.active]


def _with(asked: SearchRequest, name: str, slug: str, *, add: bool) -> str:
    """The address of the search with one value of a facet more or less, from its first page."""
    values = [value for value in asked.filters.get(name, ()) if value != slug] + ([slug] if add else [])
    filters = {**asked.filters, name: tuple(values)}
    pairs = [("q", asked.text)] if asked.text else []
    pairs += [(facet, value) for facet in FACET_BY_NAME for value in filters.get(facet, ())]
    pairs += [("tri", asked.sort)] if asked.sort else []
    return here(f"/explore/?{urlencode(pairs)}" if pairs else "/explore/")


def kept_parameters(asked: SearchRequest) -> list[tuple[str, str]]:
    """The filters as hidden fields, so that another search or sort keeps them."""
    return [(name, value) for name, values in asked.filters.items() for value in values]


def _is_exact(territory: territories.Territory, text: str) -> bool:
    return territory.folded == fold(text) or text.strip() in (territory.code, *territory.postcodes)
