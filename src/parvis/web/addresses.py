"""Addresses cleaned before anything reads them."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse


def without_nul(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: no NUL character reaches a view, since PostgreSQL refuses them and no name, word or value bears one."""

    def answer(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path:
            raise Http404
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query:
            request.META["QUERY_STRING"] = query.replace("%00", "")
        return get_response(request)

    return answer
