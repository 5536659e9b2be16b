"""Where requests are counted: one place, once the answer is known."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from parvis.hub.usage.counters import count_answer


def counted(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answer, then count."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        count_answer(request, response.status_code)
        return response

    return answer
