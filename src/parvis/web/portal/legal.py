"""The pages that the law asks each site for: legal notice, accessibility, personal data, licences."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from parvis.core.metadata import LICENCE_BY_SLUG, LICENCES, OTHER_LICENCE, Licence
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue.selectors import datasets_visible_to
from parvis.hub.legal.results import DEFECTS, NOT_CHECKED, results
from parvis.hub.legal.rules import CRITERIA
from parvis.hub.legal.selectors import statement_for


def legal(request: HttpRequest) -> HttpResponse:
    """Who publishes the site, who directs it, who hosts it."""
    return render(request, "portal/legal.html", {"statement": statement_for(request)})


def accessibility(request: HttpRequest) -> HttpResponse:
    """The statement of the RGAA, with what was really measured of this version."""
    audit = results()
    facts = {
        "statement": statement_for(request),
        "results": audit,
        "criteria": CRITERIA,
        "defects": [(criterion, DEFECTS[criterion]) for criterion in audit.defects],
        "not_checked": NOT_CHECKED,
    }
    return render(request, "portal/accessibility.html", facts)


def privacy(request: HttpRequest) -> HttpResponse:
    """What the site keeps of its readers: next to nothing."""
    return render(request, "portal/privacy.html", {"statement": statement_for(request)})


@dataclass(frozen=True, slots=True)
class LicenceRow:
    """A licence, what it allows, and how many datasets of the site are under it."""

    licence: Licence
    allows: object
    count: int


SHARE_ALIKE, NAMED, FREE, ITS_OWN = (
    _(
        "Copier, modifier, diffuser, y compris à des fins commerciales ; une base qui en est tirée se partage sous la même licence."
    ),
    _("Copier, modifier, diffuser, y compris à des fins commerciales."),
    _("Tout, sans condition."),
    _("Ce que dit la licence du producteur : la fiche du jeu y mène."),
)
ALLOWED = {
    "lov2": NAMED,
    "odbl": SHARE_ALIKE,
    "cc-by-4.0": NAMED,
    "cc0-1.0": FREE,
    "mit": NAMED,
    "unlicense": FREE,
    OTHER_LICENCE: ITS_OWN,
}
"""What each licence lets people do; what it asks of them is in its own row."""


def licences(request: HttpRequest) -> HttpResponse:
    """The licences of the datasets that this site shows, those with most datasets first."""
    used = Counter(datasets_visible_to(actor_of(request.user)).values_list("licence", flat=True))
    rows = [
        LicenceRow(licence, ALLOWED[licence.slug], used[licence.slug]) for licence in LICENCES if used[licence.slug]
    ]
    unknown = sum(count for slug, count in used.items() if slug not in LICENCE_BY_SLUG)
    facts = {
        "statement": statement_for(request),
        "rows": sorted(rows, key=lambda row: -row.count),
        "unknown": unknown,
    }
    return render(request, "portal/licences.html", facts)
