"""Maps: the pages of those that were saved, the pictures and layers of all, the search of places."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from parvis.core.atlas import MapDescription
from parvis.core.atlas.errors import EmptyMap
from parvis.core.charts import THEMES
from parvis.core.charts.errors import BroaderThanShown
from parvis.core.errors import NotFound
from parvis.hub.accounts.rules import Actor, may
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.addresses import here
from parvis.hub.atlas.answering import Answered, answer
from parvis.hub.atlas.frames import frame_of, framed
from parvis.hub.atlas.geojson import layer_geojson
from parvis.hub.atlas.maker import as_fields
from parvis.hub.atlas.pictures import SIZES, WIDE, picture
from parvis.hub.atlas.places import find_places
from parvis.hub.atlas.selectors import map_at, maps_of_readable_data
from parvis.hub.ui.embedding import embeddable, picture_alone
from parvis.hub.ui.paging import pages_of, whole_number
from parvis.web.portal.elsewhere import drawn_elsewhere

if TYPE_CHECKING:
    from parvis.hub.atlas.models import Map

PAGE_SIZE = 24
FORMS = {"image.svg": ("svg", "image/svg+xml"), "image.png": ("png", "image/png")}


@require_safe
def maps(request: HttpRequest) -> HttpResponse:
    """The published maps, latest first."""
    found = maps_of_readable_data(actor_of(request.user))
    pages = pages_of(len(found), PAGE_SIZE, whole_number(request, "page", 1))
    start = (pages.number - 1) * PAGE_SIZE
    facts = {"maps": found[start : start + PAGE_SIZE], "total": len(found), "pages": pages}
    return render(request, "portal/maps.html", facts)


@require_safe
def saved(request: HttpRequest, slug: str) -> HttpResponse:
    """A saved map on its permanent page; NotFound when one of its datasets is not readable."""
    actor = actor_of(request.user)
    found = map_at(actor, slug)
    description = found.described
    try:
        frame = framed(actor, _answered(request, actor, description), request=request, map=found, level=1)
    except EmptyMap:  # nothing to show at present, or in the commune of this site: the page stays
        frame = frame_of(actor, description, request=request, map=found, level=1)
    except BroaderThanShown as error:
        return drawn_elsewhere(request, found, error)
    maker = f"{here('/explore/dataset/')}{description.main_dataset}/map/composer/"
    facts = {
        "map": found,
        "frame": frame,
        "from_it": f"{maker}?{urlencode(as_fields(description))}",
        "may_change": may(actor, "edit", found.organisation_id),
    }
    return render(request, "portal/map.html", facts)


@embeddable
@require_safe
def map_frame(request: HttpRequest, slug: str = "") -> HttpResponse:
    """A map alone, to be shown inside pages of other sites; links open outside it."""
    actor = actor_of(request.user)
    found = map_at(actor, slug) if slug else None
    frame = frame_of(actor, _description(request, found), request=request, map=found, level=1)
    back = found.get_absolute_url() if found else here("/cartes/")
    return render(request, "portal/map_embed.html", {"frame": frame, "back": back}, status=400 if frame.error else 200)


@picture_alone
@require_safe
def map_file(request: HttpRequest, file: str, slug: str = "") -> HttpResponse:
    """A picture of a map, SVG or PNG; ``c`` is the description of one not saved, ``periode`` a moment."""
    actor = actor_of(request.user)
    found = map_at(actor, slug) if slug else None
    answered = _answered(request, actor, _description(request, found))
    theme = THEMES.get(request.GET.get("theme", ""), THEMES["light"])
    size = SIZES.get(request.GET.get("taille", ""), WIDE)
    form, media_type = FORMS[file]
    titled = bool(request.GET.get("titre"))
    tag = f'"{answered.key[:16]}-{theme.name[0]}{size.name[0]}{int(titled)}"'
    if tag in request.headers.get("If-None-Match", ""):
        return _kept(HttpResponse(status=304), tag)
    drawn = picture(actor, answered, form, theme=theme, size=size, titled=titled)
    return _kept(HttpResponse(drawn, content_type=media_type), tag)


@require_safe
def map_layer(request: HttpRequest, rank: int, slug: str = "") -> HttpResponse:
    """A layer as GeoJSON, at a moment; NotFound when the map has no such layer. Ranks begin at 1."""
    actor = actor_of(request.user)
    found = map_at(actor, slug) if slug else None
    answered = _answered(request, actor, _description(request, found))
    if not 1 <= rank <= len(answered.layers):
        raise NotFound(name=f"couche-{rank}.geojson")
    tag = f'"{answered.key[:16]}-{rank}"'
    if tag in request.headers.get("If-None-Match", ""):
        return _kept(HttpResponse(status=304), tag)
    body = json.dumps(layer_geojson(answered, rank - 1), ensure_ascii=False, separators=(",", ":"), default=str)
    response = _kept(HttpResponse(body, content_type="application/geo+json"), tag)
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def map_places(request: HttpRequest, slug: str = "") -> HttpResponse:
    """The places of a map that answer to ``q``, as a list of objects: ``text``, ``kind``, ``centre``, ``zoom``."""
    actor = actor_of(request.user)
    found = map_at(actor, slug) if slug else None
    answered = _answered(request, actor, _description(request, found))
    places = find_places(actor, answered, request.GET.get("q", ""))
    rows = [
        {"text": one.text, "kind": one.kind, "centre": [one.longitude, one.latitude], "zoom": one.zoom}
        for one in places
    ]
    response = HttpResponse(json.dumps(rows, ensure_ascii=False), content_type="application/json")
    response["Cache-Control"] = "private, no-store"
    return response


def _description(request: HttpRequest, found: Map | None) -> MapDescription:
    return found.described if found else MapDescription.from_json(request.GET.get("c", ""))


def _answered(request: HttpRequest, actor: Actor, description: MapDescription) -> Answered:
    moment = request.GET.get("periode", "")
    return answer(actor, description, get_language() or "fr", moment=moment)


def _kept(response: HttpResponse, tag: str) -> HttpResponse:
    """Kept by browsers, asked again: what is withdrawn is not shown any more."""
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Cookie, Accept-Language"
    return response
