"""Where a request stands: at the site of its host name or of its prefix, looking through that site's lens."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect, HttpResponseRedirect
from wagtail.models import Site

from parvis.hub.addresses import current_site, language_prefix_of
from parvis.hub.sites.lens import looking_through
from parvis.hub.sites.places import moved_to, place_of
from parvis.hub.sites.selectors import lens_of

BACK_OFFICE = "/admin/"
"""One back office for all sites: it has no prefix, and sees everything as it is."""

type View = Callable[[HttpRequest], HttpResponseBase]


def in_the_language(get_response: View) -> View:
    """Behind ``/en``, show everything in English, whatever the reader's browser and cookies say, with addresses that stay behind it.

    Done as for the prefix of a site, which comes after (``/en/lieusaint/``). An address without a language is in the reader's.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        prefix = language_prefix_of(request.path_info)
        if not prefix:
            return get_response(request)
        inside = request.path_info.removeprefix(prefix)
        query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
        if not inside:
            return HttpResponsePermanentRedirect(f"{request.path}/{query}")
        if f"{inside}/".startswith(BACK_OFFICE):
            before = request.path[: len(request.path) - len(request.path_info)]
            return HttpResponseRedirect(f"{before}{inside}{query}")
        request.path_info = inside
        # Where Django's own middleware looks first.
        request.COOKIES = {**request.COOKIES, settings.LANGUAGE_COOKIE_NAME: prefix[1:]}
        with current_site("", prefix[1:]):
            return get_response(request)

    return answer


def at_the_site(get_response: View) -> View:
    """Find the site of a request; behind a prefix, let everything after see the address without it, and write it with it.

    Django keeps both: ``path_info`` is what addresses are found by, ``path`` what was asked; ``reverse`` adds the prefix.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        place = place_of(request)
        if not place.prefix:
            with current_site(place.origin):
                response = get_response(request)
            # Not for ever: the site may take its former prefix again.
            moved = moved_to(request) if response.status_code == HTTPStatus.NOT_FOUND else None
            return response if moved is None else HttpResponseRedirect(moved)
        inside = request.path_info.removeprefix(f"/{place.prefix}")
        elsewhere = _redirected(request, inside)
        if elsewhere is not None:
            return elsewhere
        request.path_info = inside
        # Wagtail asks this of the host name alone, and keeps here what it found.
        request._wagtail_site = Site.objects.select_related("root_page").get(pk=place.site)  # type: ignore[attr-defined]
        with current_site(place.origin, place.prefix):
            return get_response(request)

    return answer


def through_the_site(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Set the lens of the site for the time of the request; the back office sees everything as it is."""

    def answer(request: HttpRequest) -> HttpResponse:
        lens = None if request.path_info.startswith(BACK_OFFICE) else lens_of(request)
        with looking_through(lens):
            return get_response(request)

    return answer


def _redirected(request: HttpRequest, inside: str) -> HttpResponseBase | None:
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    if not inside:
        return HttpResponsePermanentRedirect(f"{request.path}/{query}")
    if f"{inside}/".startswith(BACK_OFFICE):
        before = request.path[: len(request.path) - len(request.path_info)]
        return HttpResponseRedirect(f"{before}{inside}{query}")
    return None
