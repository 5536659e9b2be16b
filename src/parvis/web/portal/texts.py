"""The style guide."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue.selectors import datasets_visible_to
from parvis.hub.sites.selectors import face_of
from parvis.web.portal.samples import samples
from parvis.web.portal.territories import picture


def style(request: HttpRequest) -> HttpResponse:
    """Every component of the house on one page."""
    actor, territory = actor_of(request.user), face_of(request).territory
    facts = {
        **samples(),
        "sample_dataset": datasets_visible_to(actor).first(),
        "paving": picture(actor, territory) if territory else None,
    }
    return render(request, "portal/style.html", facts)
