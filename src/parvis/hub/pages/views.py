"""Pages that Wagtail does not serve by itself: the list where there is no folder yet."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.models import Site

from parvis.hub.pages.selectors import folder_known


def pages(request: HttpRequest) -> HttpResponse:
    """« Consulter »: the pages of the site; an empty list when nobody has made any."""
    site = Site.find_for_request(request)
    folder = folder_known(site) if site is not None else None
    if folder is not None and folder.live:
        return folder.serve(request)
    return render(request, "parvis/pages/folder.html", {"groups": [], "section": "pages"})
