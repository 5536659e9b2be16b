"""Errors of the house as answers, written once: the status and the headers are rows of their class."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parvis.core.errors import ParvisError, RequestError
from parvis.core.translation import gettext_noop
from parvis.hub.records.rules import Moved


class MethodNotAllowed(RequestError):
    """The address was asked with a method that it has not; ``allowed`` are those it has (RFC 9110, section 15.5.6)."""

    code: ClassVar[str] = "method-not-allowed"
    status: ClassVar[int] = 405
    sentence: ClassVar[str] = gettext_noop("Cette adresse n’a pas de méthode {method}.")
    advice: ClassVar[str] = gettext_noop("Demandez-la par {allowed}.")

    def headers(self) -> dict[str, str]:
        """What may be asked."""
        return {"Allow": str(self.details["allowed"])}


def facts_of(error: ParvisError, *places: str) -> dict[str, Any]:
    """An error for a program: ``error_code``, ``message``, ``hint`` when there is one, and those of its details that are places.

    ``places`` are names of details: the number of a line or column of what was sent, counted from 0 or 1, else not known.
    """
    language = get_language() or "fr"
    hint = error.hint(language)
    facts = {"error_code": error.code, "message": error.message(language), **({"hint": hint} if hint else {})}
    numbers = {name: error.details.get(name) for name in places}
    return facts | {name: number for name, number in numbers.items() if isinstance(number, int) and number >= 0}


def as_json(error: ParvisError, *places: str) -> JsonResponse:
    """The answer to a program that met an error."""
    facts = facts_of(error, *places)
    return JsonResponse(facts, status=error.status, headers=error.headers(), json_dumps_params={"ensure_ascii": False})


def as_page(request: HttpRequest, error: ParvisError) -> HttpResponse:
    """The page that says what happened, where, and what to do."""
    language = get_language() or "fr"
    facts = {"text": error.message(language), "remedy": error.hint(language), "code": error.code}
    page = {"title": title_of(error.status), "status": error.status, **facts}
    return with_headers(render(request, "parvis/error.html", page, status=error.status), error)


def with_headers[Response: HttpResponseBase](response: Response, error: ParvisError) -> Response:
    """The response, bearing the headers of the error that it tells of."""
    for name, value in error.headers().items():
        response[name] = value
    return response


def problem_of(error: ParvisError) -> dict[str, str]:
    """What a message of a page says of an error: what happened, what to do, its code."""
    language = get_language() or "fr"
    return {"title": error.message(language), "remedy": error.hint(language), "code": error.code}


def title_of(status: int) -> str:
    """What a page with that HTTP status is headed with."""
    titles = {
        403: _("Cette page ne vous est pas ouverte"),
        404: _("Cette page n’existe pas"),
        409: _("Cette page ne peut pas être montrée"),
        410: _("Cette page a été retirée"),
        422: _("Ces données ne peuvent pas être lues"),
        429: _("Trop de demandes à la fois"),
    }
    usual = _("Cette demande n’a pas été comprise") if status < 500 else _("Le service est momentanément indisponible")
    return titles.get(status, usual)


def page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view, its errors of the house shown as pages."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Moved as moved:
            # Its other forms (a picture, a calendar) have moved with it.
            form = request.get_full_path().partition(f"/{kwargs.get('slug', '')}/")[2]
            return redirect(f"{moved.address}{form}", permanent=True)
        except ParvisError as error:
            return as_page(request, error)

    return shown
