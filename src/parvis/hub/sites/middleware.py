"""Which lens a request looks through: that of the site whose host name it bears."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from parvis.hub.sites.lens import looking_through
from parvis.hub.sites.selectors import lens_of

BACK_OFFICE = "/admin/"


def through_the_site(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Set the lens of the site for the time of the request; the back office sees everything as it is."""

    def answer(request: HttpRequest) -> HttpResponse:
        lens = None if request.path_info.startswith(BACK_OFFICE) else lens_of(request)
        with looking_through(lens):
            return get_response(request)

    return answer
