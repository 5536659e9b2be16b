"""Whose budget the engine's work of a request is taken from, and 429 for whom it is refused to, whatever shows it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from parvis.hub.quotas.metering import paying
from parvis.hub.quotas.rules import Refusal
from parvis.hub.ui.errors import as_page, with_headers

_READING = ("GET", "HEAD")
_TELLING = (200, 204, 400, 429)
"""What pages answer that tell of a refusal: in a block, above a form, or as themselves."""


class Metered:
    """Middleware around the views: the account of the request is the one that the engine counts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer; one whose page tells of a refusal in its own words, in a block or above a form, is 429 too."""
        with paying(request) as account:
            response = self._get_response(request)
        # What is posted keeps its status: tools of language models, for one, tell errors inside their protocol.
        refusal = account.refused
        if refusal and request.method in _READING and response.status_code in _TELLING:
            response.status_code = refusal.status
            response["Cache-Control"] = "no-store"
            with_headers(response, refusal)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page of a refusal that no view made an answer of."""
        return as_page(request, error) if isinstance(error, Refusal) else None
