"""What the site of a commune does not draw, since it would be wrong of the commune alone: why, and where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from parvis.core.charts.errors import BroaderThanShown
from parvis.hub.addresses import absolute_url, without_prefix

if TYPE_CHECKING:
    from parvis.hub.drawings.models import Drawing


def main_site_page(request: HttpRequest, saved: Drawing, reason: BroaderThanShown) -> HttpResponse:
    """The page of a saved chart or map, with a link to the same on the main site in the place of the drawing."""
    facts = {
        "saved": saved,
        "reason": reason.message(get_language() or "fr"),
        "whole_address": absolute_url(without_prefix(saved.get_absolute_url())),
    }
    return render(request, "portal/drawn_elsewhere.html", facts)
