"""Addresses cleaned before anything reads them."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_UNREADABLE = "\ufffd"


def without_nul(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: no NUL character reaches a view, since PostgreSQL refuses them and no name, word or value bears one.

    In a path it becomes the character of what cannot be read: nothing bears it, so that the door of that path answers, in its
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
