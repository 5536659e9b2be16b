"""Which face a request sees."""

from __future__ import annotations

from django.http import HttpRequest

from parvis.hub.sites.models import SiteFace


def face_of(request: HttpRequest) -> SiteFace:
    """The face of the site the request came to, with defaults when nothing was set."""
    known = getattr(request, "_parvis_face", None)
    if known is None:
        try:
            known = SiteFace.for_request(request) or SiteFace()
        except SiteFace.DoesNotExist:  # no site answers to this host name
            known = SiteFace()
        request._parvis_face = known
    return known
