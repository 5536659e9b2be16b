"""Maps: the pages of those that were saved, the pictures and layers of all, the search of places."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from parvis.core.atlas.description import MapDescription
from parvis.core.atlas.errors import EmptyMap
from parvis.core.errors import NotFound
from parvis.hub.accounts.rules import Actor
from parvis.hub.addresses import absolute_path
from parvis.hub.atlas.answers import Answered, answer
from parvis.hub.atlas.frames import MapFrame, frame_of, framed
from parvis.hub.atlas.geojson import layer_geojson
from parvis.hub.atlas.maker import as_fields
from parvis.hub.atlas.pictures import SIZES, picture
from parvis.hub.atlas.places import find_places
from parvis.hub.atlas.selectors import map_at, maps_of_readable_data
from parvis.hub.sites.selectors import face_of
from parvis.hub.ui.errors import page
from parvis.web.portal.drawings import DrawingPages, unless_had

if TYPE_CHECKING:
    from parvis.hub.atlas.models import Map


class MapPages(DrawingPages):
    """The pages of maps; ``periode`` is a moment of their slider."""

    noun = "map"
    place = "cartes"
    description = MapDescription
    nothing = EmptyMap
    sizes = SIZES
    published = staticmethod(maps_of_readable_data)
    saved_at = staticmethod(map_at)
    picture = staticmethod(picture)

    def answer(self, request: HttpRequest, actor: Actor, description: MapDescription) -> Answered:
        """The layers of a map, at a moment."""
        moment, territory = request.GET.get("periode", ""), face_of(request).territory
        return answer(actor, description, get_language() or "fr", moment=moment, territory=territory)

    def framed(self, request: HttpRequest, actor: Actor, answered: Answered, saved: Any) -> MapFrame:
        """A map in its frame."""
        return framed(actor, answered, request=request, map=saved, level=1)

    def frame_of(self, request: HttpRequest, actor: Actor, description: MapDescription, saved: Any) -> MapFrame:
        """The same, or what is wrong."""
        return frame_of(actor, description, request=request, map=saved, level=1)

    def more(self, request: HttpRequest, saved: Map) -> dict[str, Any]:
        """The maker's form, filled as this map; whether the address says a view of its own, for no search engine."""
        maker = f"{absolute_path('/explore/dataset/')}{saved.described.main_dataset}/map/composer/"
        return {"from_it": f"{maker}?{urlencode(as_fields(saved.described))}", "is_a_view": bool(request.GET)}

    def layer(self, request: HttpRequest, rank: int, slug: str = "") -> HttpResponse:
        """A layer as GeoJSON, at a moment; NotFound when the map has no such layer. Ranks begin at 1."""
        actor, _saved, description = self.asked(request, slug)
        answered = self.answer(request, actor, description)
        if not 1 <= rank <= len(answered.layers):
            raise NotFound(name=f"couche-{rank}.geojson")

        def body() -> str:
            return json.dumps(layer_geojson(answered, rank - 1), ensure_ascii=False, separators=(",", ":"), default=str)

        response = unless_had(request, f'"{answered.key[:16]}-{rank}"', body, "application/geo+json")
        response["Access-Control-Allow-Origin"] = "*"
        return response

    def places(self, request: HttpRequest, slug: str = "") -> HttpResponse:
        """The places of a map that answer to ``q``, as a list of objects: ``text``, ``kind``, ``centre``, ``zoom``."""
        actor, _saved, description = self.asked(request, slug)
        places = find_places(actor, self.answer(request, actor, description), request.GET.get("q", ""))
        rows = [
            {"text": place.text, "kind": place.kind, "centre": [place.longitude, place.latitude], "zoom": place.zoom}
            for place in places
        ]
        response = HttpResponse(json.dumps(rows, ensure_ascii=False), content_type="application/json")
        response["Cache-Control"] = "private, no-store"
        return response

    def parts(self, base: str, name: str) -> list[URLPattern]:
        """Its layers and its search of places besides."""
        return [
            *super().parts(base, name),
            path(f"{base}couche-<int:rank>.geojson", page(require_safe(self.layer)), name=f"{name}-layer"),
            path(f"{base}lieux.json", page(require_safe(self.places)), name=f"{name}-places"),
        ]
