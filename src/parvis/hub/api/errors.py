"""What goes wrong before an operation begins, and what each status means in all of them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from parvis.core.errors import Forbidden, NotFound, ParvisError, RequestError
from parvis.core.translation import gettext_noop
from parvis.hub.api.invalid import BAD_JSON, what_is_wrong
from parvis.hub.ui.errors import as_json


class BadParameter(RequestError):
    """A parameter has a value that it does not take; rooms subclass it to give it a code of theirs."""

    code: ClassVar[str] = "parameter"
    sentence: ClassVar[str] = gettext_noop("Le paramètre {name} vaut « {value} » : il faut {expected}.")


class InvalidRequest(RequestError):
    """A parameter, or the body, is not of the form that is described."""

    code: ClassVar[str] = "request-invalid"
    sentence: ClassVar[str] = gettext_noop("« {name} » {problem}.")
    advice: ClassVar[str] = gettext_noop(
        "La forme de chaque demande est décrite à l’adresse /api/parvis/v1/openapi.json."
    )


class RequestTooLarge(RequestError):
    """The body is longer than what an operation reads."""

    code: ClassVar[str] = "request-too-large"
    status: ClassVar[int] = 413
    sentence: ClassVar[str] = gettext_noop("Le corps de la demande dépasse {limit} octets.")


class ForgedRequest(Forbidden):
    """A session writes without the proof that a page of this site asked for it."""

    code: ClassVar[str] = "csrf"
    sentence: ClassVar[str] = gettext_noop("Cette demande ne vient pas d’une page de ce site.")
    advice: ClassVar[str] = gettext_noop("Un programme s’identifie par une clé d’API.")


ALWAYS = (401, 405, 429, 503)
"""Statuses that any operation may answer."""
STATUSES: dict[int, Any] = {
    400: _("La demande est mal faite : le message dit où."),
    401: _("La clé n’est pas bonne, ou il en faut une."),
    403: _("Ce n’est pas ouvert à cet appelant."),
    404: _("Rien de ce nom."),
    405: _("Cette méthode n’est pas permise ici."),
    409: _("Ce qui est envoyé a déjà été reçu."),
    411: _("La taille du fichier n’est pas annoncée."),
    412: _("Ce qui est changé n’est plus ce qui avait été lu."),
    413: _("Le corps de la demande est trop long."),
    415: _("Le corps n’est pas du type attendu."),
    422: _("Le fichier ou le schéma ne peut pas être lu."),
    428: _("Ce qui serait remplacé existe : il faut dire par If-Match ce qui en avait été lu."),
    429: _("Le quota du jour est épuisé."),
    460: _("Ce morceau n’est pas arrivé tel qu’il a été envoyé."),
    503: _("Trop de demandes à la fois, ou service fermé."),
    507: _("Il n’y a plus assez de place sur le disque."),
}
"""What each status says, in the description."""


def handle_errors(api: NinjaAPI) -> None:
    """Have every error of the house, of Django and of the library answered through the one mapper."""
    for kind, error_of in _ERRORS.items():
        api.add_exception_handler(kind, _handler(error_of))


def _handler(error_of: Any) -> Any:
    def answer(request: HttpRequest, error: Exception) -> HttpResponse:
        return as_json(error_of(request, error), "line", "column")

    return answer


def _invalid(_request: HttpRequest, error: ValidationError) -> ParvisError:
    name, problem = what_is_wrong(error.errors)
    return InvalidRequest(name=name, problem=problem)


_ERRORS: dict[type[Exception], Any] = {
    ParvisError: lambda _request, error: error,
    Http404: lambda request, _error: NotFound(name=request.path.rpartition("/")[2]),
    RequestDataTooBig: lambda *_what: RequestTooLarge(limit=settings.DATA_UPLOAD_MAX_MEMORY_SIZE),
    ValidationError: _invalid,
    HttpError: lambda *_what: InvalidRequest(
        name="body", problem=BAD_JSON
    ),  # the library raises it for a body that is no JSON
}
