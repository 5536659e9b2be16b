"""The search of acts: its page, its feed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.domains.deliberations.collection import ACTS
from parvis.domains.deliberations.finding import results
from parvis.domains.deliberations.finding.library import LIBRARY, MAPPED, YES
from parvis.domains.deliberations.finding.query import ActQuery
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.addresses import canonical
from parvis.hub.collections.drawing import drawn_places
from parvis.hub.collections.views import opened
from parvis.hub.fulltext.rules import MOST_RESULTS
from parvis.hub.fulltext.selectors import search_library
from parvis.hub.notifications.selectors import mail_is_open
from parvis.hub.sites.selectors import face_of
from parvis.hub.ui.atom import FEED_LENGTH, FEEDS, Entry
from parvis.hub.ui.pagination import pages_of, whole_number
from parvis.hub.usage.counters import count_search

PAGE_SIZE = 20
MOST_ON_MAP = 500
ADVANCED = ("exact", "un", "sans", "du", "au", "min", "max", "autour")
"""Fields that are folded away until one of them is filled."""


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What the address asks for, by pages; as points on a drawing with ``vue=carte``."""
    query, base = ActQuery.read(actor_of(request.user), request.GET), reverse("act-search")
    is_map = request.GET.get("vue") == "carte"
    number = 1 if is_map else whole_number(request, "page", 1, most=MOST_RESULTS // PAGE_SIZE)
    result = results.found_by(query, page=number, page_size=PAGE_SIZE)
    if number == 1:
        count_search(request, query.text, result.total)
    pages = pages_of(min(result.total, MOST_RESULTS), PAGE_SIZE, number)
    if number > pages.count:  # a list that was longer when somebody kept its address
        pages = replace(pages, number=pages.count)
        result = replace(
            results.found_by(query, page=pages.count, page_size=PAGE_SIZE, counted=()), facets=result.facets
        )
    facts = {
        "collection": ACTS,
        "query": query,
        "form": query.form,
        "advanced": [query.form[name] for name in (*ADVANCED, "rayon")],
        "is_advanced": any(query.form.data.get(name) for name in ADVANCED),
        "hidden": [pair for pair in query.pairs() if pair[0] in query.filters],
        "result": result,
        "pages": pages,
        "is_map": is_map,
        "understood": results.understood(query),
        "acts": [] if is_map else results.shown_acts(query, result.keys),
        "panels": results.panels(query, result, base),
        "chosen": results.chosen(query, base),
        "silent": results.silent_among(query, base),
        "suggestion": _with_words(query, result.suggestion, base) if result.suggestion else "",
        "feed": query.address(reverse("act-search-feed")),
        "rss": query.address(reverse("act-search-feed-rss")),
        "alerts": query.address(reverse("act-alerts")),
        "mail_is_open": mail_is_open(),
        **(_map(request, query) if is_map else {}),
    }
    response = render(request, "deliberations/search.html", facts)
    if query.is_narrowed or number > 1:
        response["X-Robots-Tag"] = "noindex"
    return response


def _map(request: HttpRequest, query: ActQuery) -> dict[str, Any]:
    """The results that have a position, as a drawing and as a list."""
    placed = search_library(query.actor, LIBRARY, query.request(extra={MAPPED: (YES,)}, page_size=MOST_ON_MAP))
    records = results.acts_in_order(placed.keys)
    drawing = drawn_places(ACTS, records, face_of(request).territory)
    return {"drawing": drawing, "placed": records, "placed_total": placed.total, "most_on_map": MOST_ON_MAP}


def _with_words(query: ActQuery, words: str, base: str) -> str:
    pairs = [pair for pair in query.pairs() if pair[0] not in ("q", "exact", "un", "sans")]
    return query.address(base, [("q", words), *pairs])


@require_safe
def feed(request: HttpRequest, form: str = "atom") -> HttpResponse:
    """The acts of a search as Atom or RSS, those that went online last first, each with the passages that have what is looked for."""
    query = ActQuery.read(actor_of(request.user), request.GET)
    entries = [
        Entry(
            title=shown.act.title,
            address=canonical(shown.act.get_absolute_url()),
            text=_entry_text(shown),
            author=shown.act.organisation.name,
            published=shown.act.first_published_at,
        )
        for shown in results.latest(query, FEED_LENGTH)
        if shown.act.first_published_at is not None
    ]
    words = query.text or (query.around.title if query.around else "")
    title = _("Délibérations : %(words)s") % {"words": words} if words else str(ACTS.title)
    page = canonical(query.address(reverse("act-search")))
    return opened(FEEDS[form](f"{title} · {face_of(request).name}", page, canonical(request.get_full_path()), entries))


def _entry_text(shown: results.ShownAct) -> str:
    passages = [
        _("« %(text)s » (page %(page)s)") % {"text": extract.text.strip(), "page": extract.page}
        for extract in shown.extracts
    ]
    return " — ".join([*ACTS.lines(shown.act), *filter(None, [shown.reason]), *passages])
