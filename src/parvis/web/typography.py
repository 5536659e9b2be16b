"""The spaces of French, set once in every page, whoever wrote its words."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language

from parvis.core.translation import SOURCE
from parvis.core.typography import french_html, is_set


def in_french_spaces(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: no line of a French page begins with « : », and no number is cut between its thousands.

    Inside what measures and compresses answers. What is streamed is left as it is: it is data, or files.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if (
            not response.streaming
            and response.get("Content-Type", "").startswith("text/html")
            and "Content-Encoding" not in response
            and is_set(get_language() or SOURCE)
        ):
            written = response.content.decode(response.charset)
            spaced = french_html(written)
            if spaced != written:
                response.content = spaced.encode(response.charset)
                if "Content-Length" in response:
                    response["Content-Length"] = str(len(response.content))
        return response

    return answer
