"""Errors become pages in the look of the portal, with their code and what to do."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parvis.core.errors import DataError, Forbidden, NotFound, ParvisError, RequestError
from parvis.hub.quotas.rules import Refusal

type View = Callable[..., HttpResponse]

STATUSES: tuple[tuple[type[ParvisError], int], ...] = (
    (NotFound, 404),
    (Forbidden, 403),
    (Refusal, Refusal.status),
    (RequestError, 400),
    (DataError, 422),
    (ParvisError, 503),
)
"""The first class that an error belongs to gives its status."""


def page(view: View) -> View:
    """The view, its errors of the house shown as pages."""

    @wraps(view)
    def shown(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except ParvisError as error:
            return error_page(request, error)

    return shown


def error_page(request: HttpRequest, error: ParvisError) -> HttpResponse:
    """The page that says what happened, where, and what to do."""
    status = next(status for kind, status in STATUSES if isinstance(error, kind))
    language = get_language() or "fr"
    facts = {"text": error.message(language), "remedy": error.hint(language), "code": error.code}
    page = {"title": _title(status), "status": status, **facts}
    response = render(request, "portal/error.html", page, status=status)
    if isinstance(error, Refusal):
        for name, value in error.headers().items():
            response[name] = value
    return response


def _title(status: int) -> str:
    titles = {
        400: _("Cette demande n’a pas été comprise"),
        403: _("Cette page ne vous est pas ouverte"),
        404: _("Cette page n’existe pas"),
        429: _("Trop de demandes à la fois"),
        422: _("Ces données ne peuvent pas être lues"),
    }
    return titles.get(status, _("Le service est momentanément indisponible"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Any address that leads nowhere."""
    text = _("L’adresse demandée ne mène nulle part : elle a peut-être été mal recopiée, ou la page a été retirée.")
    facts = {"title": _title(404), "text": text, "status": 404}
    return render(request, "portal/error.html", facts, status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A page kept for others."""
    text = _("Connectez-vous avec un compte qui en a le droit, ou demandez-le à la personne qui publie ces données.")
    facts = {"title": _title(403), "text": text, "status": 403}
    return render(request, "portal/error.html", facts, status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """Something broke: a page that needs neither database nor session."""
    return HttpResponse(render_to_string("portal/failed.html"), status=500)
