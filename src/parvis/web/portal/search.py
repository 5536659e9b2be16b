"""One search over the whole portal, and suggestions while it is typed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control

from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.fulltext.libraries import libraries
from parvis.hub.fulltext.rules import LibraryRequest
from parvis.hub.fulltext.selectors import search_library
from parvis.hub.registry import Way, way_of
from parvis.hub.search.corrections import correction
from parvis.hub.search.datasets import DATASETS
from parvis.hub.search.everything import search_everything, search_values, suggestions
from parvis.hub.search.territories import TERRITORIES
from parvis.hub.usage.counters import count_search
from parvis.web.portal.explorer import MOST_WORDS


def search_page(request: HttpRequest) -> HttpResponse:
    """The best of each kind, a commune called just so first; the values of columns that the words are."""
    actor, words = actor_of(request.user), request.GET.get("q", "").strip()[:MOST_WORDS]
    groups = search_everything(actor, words)
    values = search_values(actor, words)
    texts = _in_texts(actor, words)
    total = sum(len(group.hits) for group in groups) + len(values) + sum(count for _way, count in texts)
    count_search(request, words, total)
    first = [group for group in groups if group.is_exact and group.kind is TERRITORIES]
    facts = {
        "section": "search",
        "words": words,
        "total": total,
        "values": values,
        "texts": texts,
        "correction": correction(words, (hit.title for group in groups for hit in group.hits)),
        "values_first": not any(group.kind is DATASETS for group in groups),
        "datasets": DATASETS,
        "groups": first + [group for group in groups if group not in first],
    }
    return render(request, "portal/search.html", facts)


def _in_texts(actor: Actor, words: str) -> list[tuple[Way, int]]:
    """How many long documents of each library have the words in their text, and the way to them; none where nothing has."""
    rows = []
    for library in libraries() if words else ():
        way = way_of(library.page, words) if library.page is not None else None
        count = search_library(actor, library, LibraryRequest(words, page_size=1)).total
        if way is not None and count:
            rows.append((way, count))
    return rows


@cache_control(max_age=60, private=True)
def suggest(request: HttpRequest) -> HttpResponse:
    """``{"suggestions": [{"title", "kind", "address"}]}`` for the words being typed, eight at most."""
    words = request.GET.get("q", "").strip()[:MOST_WORDS]
    rows = suggestions(actor_of(request.user), words) if len(words) > 1 else []
    return JsonResponse(
        {
            "suggestions": [
                {
                    "title": hit.title,
                    "kind": hit.text if kind is TERRITORIES else str(kind.label),
                    "address": hit.address,
                }
                for kind, hit in rows
            ]
        }
    )
