"""The pages shown when nothing is at an address, when it is kept for others, and when something broke."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from parvis.hub.ui.errors import title_of


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Any address that leads nowhere."""
    text = _("L’adresse demandée ne mène nulle part : elle a peut-être été mal recopiée, ou la page a été retirée.")
    return render(request, "parvis/error.html", {"title": title_of(404), "text": text, "status": 404}, status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A page kept for others."""
    text = _("Connectez-vous avec un compte qui en a le droit, ou demandez-le à la personne qui publie ces données.")
    return render(request, "parvis/error.html", {"title": title_of(403), "text": text, "status": 403}, status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """Something broke: a page that needs neither database nor session."""
    return HttpResponse(render_to_string("portal/failed.html"), status=500)
