"""The pages shown when nothing is at an address, when it is kept for others, and when something broke."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from parvis.core.errors import Forbidden, NotFound, ParvisError, RequestError
from parvis.core.translation import gettext_noop
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.api.house import PATH as API
from parvis.hub.harvesting.former import here_of
from parvis.hub.pages.former import page_once_at
from parvis.hub.ui.errors import as_json, as_page, title_of


class TooMuchSent(RequestError):
    """A form has more fields, files or words than a request may."""

    code: ClassVar[str] = "request-too-much"
    status: ClassVar[int] = 413
    sentence: ClassVar[str] = gettext_noop("Cet envoi est trop grand pour être lu : rien n’en a été gardé ici.")
    advice: ClassVar[str] = gettext_noop(
        "Revenez en arrière : ce que vous avez écrit y est encore. Raccourcissez-le, ou envoyez-le en plusieurs fois."
    )


class NotUnderstood(RequestError):
    """What was sent is not what browsers send."""

    code: ClassVar[str] = "request-not-understood"
    sentence: ClassVar[str] = gettext_noop("Ce qui a été envoyé ne peut pas être lu.")


class NotFromHere(Forbidden):
    """A form came without the proof that a page of this site gave it: a page opened long ago, a browser without cookies, another site."""

    code: ClassVar[str] = "request-forged"
    sentence: ClassVar[str] = gettext_noop("Cet envoi n’a pas pu être reconnu comme venant d’une page de ce site.")
    advice: ClassVar[str] = gettext_noop(
        "Revenez en arrière : ce que vous avez écrit y est encore. Rechargez la page, acceptez les cookies de ce site, puis envoyez de "
        "nouveau."
    )


_TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What the framework refuses before a view is called, as the house says it: JSON for scripts, which keep what they sent."""
    error = TooMuchSent() if isinstance(exception, _TOO_MUCH) else NotUnderstood()
    if isinstance(exception, DisallowedHost):  # a page would link to that host
        return HttpResponse(error.message(), status=error.status, content_type="text/plain; charset=utf-8")
    return _told(request, error)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that Django holds for forged: JSON for scripts, which keep what they sent."""
    return _told(request, NotFromHere())


def _told(request: HttpRequest, error: ParvisError) -> HttpResponse:
    is_program = "application/json" in request.headers.get("Accept", "") or request.path_info.startswith("/api/")
    return as_json(error) if is_program else as_page(request, error)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Any address that leads nowhere; JSON below our own API, which has no page. What was there before is elsewhere."""
    is_read = request.method in ("GET", "HEAD") and hasattr(request, "user")
    if is_read and (place := here_of(actor_of(request.user), request.path_info) or page_once_at(request)):
        return HttpResponsePermanentRedirect(place)
    if request.path_info.startswith(f"{API}/"):
        return as_json(NotFound(name=request.path_info[:200]))
    text = _("L’adresse demandée ne mène nulle part : elle a peut-être été mal recopiée, ou la page a été retirée.")
    return render(request, "parvis/error.html", {"title": title_of(404), "text": text, "status": 404}, status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A page kept for others."""
    text = _("Connectez-vous avec un compte qui en a le droit, ou demandez-le à la personne qui publie ces données.")
    return render(request, "parvis/error.html", {"title": title_of(403), "text": text, "status": 403}, status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """Something broke: a page that needs neither database nor session."""
    return HttpResponse(render_to_string("portal/failed.html"), status=500)
