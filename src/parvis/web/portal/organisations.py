"""Organisations: who publishes, and what."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from parvis.core.text import fold
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.accounts.selectors import organisation as organisation_of
from parvis.hub.catalogue.selectors import datasets_visible_to
from parvis.hub.registry import modules
from parvis.hub.ui.pagination import pages_of, whole_number
from parvis.web.portal.home import organisations_with_counts

PAGE_SIZE = 20


def organisations(request: HttpRequest) -> HttpResponse:
    """Those that publish something the reader may see, most datasets first; found by name."""
    words = request.GET.get("q", "").strip()[:100]
    matching = list(organisations_with_counts(datasets_visible_to(actor_of(request.user))))
    if words:
        matching = [organisation for organisation in matching if fold(words) in fold(organisation.name)]
    pages = pages_of(len(matching), 60, whole_number(request, "page", 1))
    start = (pages.number - 1) * 60
    facts = {"section": "organisations", "asked": words, "organisations": matching[start : start + 60], "pages": pages}
    return render(request, "portal/organisations.html", {**facts, "total": len(matching)})


def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """One organisation: who it is, what it publishes."""
    publisher = organisation_of(slug)
    datasets = (
        datasets_visible_to(actor_of(request.user))
        .prefetch_related(None)
        .filter(organisation=publisher)
        .order_by("-data_modified", "title")
    )
    total = datasets.count()
    pages = pages_of(total, PAGE_SIZE, whole_number(request, "page", 1))
    start = (pages.number - 1) * PAGE_SIZE
    facts = {
        "section": "organisations",
        "organisation": publisher,
        "datasets": datasets[start : start + PAGE_SIZE],
        "total": total,
        "pages": pages,
        "links": [
            (link.label, reverse(link.url_name, args=[publisher.slug]))
            for module in modules()
            for link in module.organisation_links
        ],
    }
    return render(request, "portal/organisation.html", facts)
