"""The icons that map widgets fetch from the portal they read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from parvis.web.api.explore.endpoint import CORS

# Drawn here; widgets colour it and put it in a marker, whatever the name they asked.
_DISC = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><circle cx="32" cy="32" r="20"/></svg>'


def picto(request: HttpRequest) -> HttpResponse:
    """A disc for every icon: the sets of former portals are not ours to give."""
    headers = {**CORS, "Cache-Control": "public, max-age=86400"}
    return HttpResponse(_DISC, content_type="image/svg+xml", headers=headers)
