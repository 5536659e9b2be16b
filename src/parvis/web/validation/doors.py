"""What the pages of this room share: errors of the house as pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parvis.core.errors import DataError, Forbidden, NotFound, OperationError, ParvisError, RequestError
from parvis.hub.apikeys.rules import SignInNeeded, WrongKey
from parvis.hub.datastore.rules import FileTooLarge
from parvis.hub.quotas.rules import Refusal
from parvis.web.validation.uploads import TooManyChecks

STATUSES: tuple[tuple[type[ParvisError], int], ...] = (
    (WrongKey, 401),
    (SignInNeeded, 401),
    (Refusal, Refusal.status),
    (FileTooLarge, 413),
    (NotFound, 404),
    (Forbidden, 403),
    (RequestError, 400),
    (DataError, 422),
    (OperationError, 503),
    (ParvisError, 503),
)
"""The first class that an error belongs to gives its status."""


def status_of(error: ParvisError) -> int:
    """The HTTP status of an error."""
    return next(status for kind, status in STATUSES if isinstance(error, kind))


def page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view, its errors of the house shown as pages."""

    @wraps(view)
    def shown(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except ParvisError as error:
            return error_page(request, error)

    return shown


def error_page(request: HttpRequest, error: ParvisError) -> HttpResponse:
    """The page that says what happened and what to do."""
    status, language = status_of(error), get_language() or "fr"
    title = _("Cette page n’existe pas") if status == 404 else _("Cette demande n’a pas pu aboutir")
    facts = {"title": title, "status": status, "text": error.message(language), "remedy": error.hint(language)}
    response = render(request, "portal/error.html", {**facts, "code": error.code}, status=status)
    for name, value in waits_of(error).items():
        response[name] = value
    return response


def waits_of(error: ParvisError) -> dict[str, str]:
    """The headers that say when to try again, of a refusal that says so."""
    if isinstance(error, Refusal):
        return error.headers()
    return {"Retry-After": "60"} if isinstance(error, TooManyChecks) else {}
