"""An indicator elsewhere: alone in a frame of another site, or as a picture made on the server."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parvis.core.charts import THEMES
from parvis.domains.indicators import selectors
from parvis.domains.indicators.pictures import picture
from parvis.domains.indicators.trails import tiles_of
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.sites.selectors import face_of
from parvis.hub.ui.embedding import embeddable, picture_alone

MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png"}


@embeddable
@require_safe
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """The tile alone, to be shown inside pages of other sites; links open outside it."""
    actor = actor_of(request.user)
    one = selectors.seen(actor, [selectors.indicator(actor, slug)])[0]
    facts = {"one": one, "tile": tiles_of([one])[0]}
    return render(request, "indicators/embed.html", facts)


@picture_alone
@require_safe
def image(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The tile as SVG or PNG; ``theme`` is ``light`` or ``dark``. What is closed to the reader is not in it."""
    actor = actor_of(request.user)
    one = selectors.seen(actor, [selectors.indicator(actor, slug)])[0]
    theme = THEMES.get(request.GET.get("theme", ""), THEMES["light"])
    drawn = picture(tiles_of([one])[0], one.history, face_of(request).name, form, theme)  # type: ignore[arg-type]
    response = HttpResponse(drawn, content_type=MEDIA_TYPES[form])
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Cookie, Accept-Language"
    response["Access-Control-Allow-Origin"] = "*"
    return response
