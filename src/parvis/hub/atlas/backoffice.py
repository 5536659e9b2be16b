"""« Cartes »: those the person may change, and the maker: the form of the portal, where the first dataset is chosen too."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from parvis.core.atlas.description import MapDescription
from parvis.hub.atlas.frames import frame_of
from parvis.hub.atlas.maker_form import Composed, compose
from parvis.hub.atlas.models import Map
from parvis.hub.backoffice.screens import sentence
from parvis.hub.backoffice.viewsets import CivicViewSet
from parvis.hub.drawings.backoffice import DrawingMaker


class MapMaker(DrawingMaker):
    """Compose a new map or change one."""

    template_name = "atlas/backoffice/maker.html"
    header_icon = "globe"
    kind = Map
    new_title = gettext_lazy("Nouvelle carte")
    waiting = gettext_lazy("Choisissez un jeu de données : la carte paraît ici.")
    frame_template = "parvis/atlas/frame.html"
    done = {
        "enregistrer": gettext_lazy("La carte est enregistrée."),
        "publier": gettext_lazy("La carte est publiée."),
        "retirer": gettext_lazy("La carte est retirée : c’est un brouillon."),
    }

    @cached_property
    def composed(self) -> Composed:
        """The form as it is filled."""
        query = self.request.POST or self.request.GET
        return compose(self.actor, query, saved=self.record.described if self.record else None)

    def described(self, query: QueryDict) -> MapDescription | None:
        """The map that the form asks for."""
        if self.composed.refused is not None:
            raise self.composed.refused
        return self.composed.description

    def fields(self, query: QueryDict) -> dict[str, Any]:
        """The form as it is filled, and the map it makes: without what makes no sense, which is told."""
        fields = dict(self.composed.facts)
        if self.composed.refused is not None:
            fields["refused"] = sentence(self.composed.refused)
        if self.composed.description is not None:
            fields["frame"] = frame_of(self.actor, self.composed.description, request=self.request, level=3)
        return fields


class MapViewSet(CivicViewSet):
    """« Cartes »: those that the person may change."""

    model = Map
    maker = MapMaker
    base_url_path = "cartes"
    new_path = "-/nouvelle/"
    icon = "globe"
    menu_order = 230
