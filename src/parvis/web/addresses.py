"""Addresses cleaned before anything reads them."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port

_UNREADABLE = "\ufffd"


def without_nul(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: no NUL character reaches a view, since PostgreSQL refuses them and no name, word or value has one.

    In a path it becomes the character of what cannot be read: nothing has it, so that the door of that path answers, in its
    own words, that there is nothing there.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path:
            request.path = request.path.replace("\0", _UNREADABLE)
            request.path_info = request.path_info.replace("\0", _UNREADABLE)
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query:
            request.META["QUERY_STRING"] = query.replace("%00", "")
        return get_response(request)

    return answer


_USUAL_PORTS = {"", "80", "443"}


def at_an_allowed_port(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: refuse a ``Host`` whose port is not ours; Django checks the name alone.

    Ours are the usual ports, the one that listens, that of ``PARVIS_BASE_URL``, and those written in ``PARVIS_ALLOWED_HOSTS``
    (``localhost:9000``, behind a tunnel).
    """

    def answer(request: HttpRequest) -> HttpResponse:
        host = request.META.get("HTTP_HOST", "")
        port = split_domain_port(host)[1]
        if port in _USUAL_PORTS or port in _own_ports(request) or host in settings.PARVIS["PARVIS_ALLOWED_HOSTS"]:
            return get_response(request)
        return HttpResponse(
            "Ce portail ne répond pas sous ce port : ajoutez « nom:port » à PARVIS_ALLOWED_HOSTS.\n"
            "This portal does not answer at this port: add “name:port” to PARVIS_ALLOWED_HOSTS.\n",
            status=400,
            content_type="text/plain; charset=utf-8",
        )

    return answer


def _own_ports(request: HttpRequest) -> set[str]:
    return {str(request.META.get("SERVER_PORT", "")), str(urlsplit(settings.PARVIS["PARVIS_BASE_URL"]).port or "")}
