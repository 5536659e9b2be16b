"""What this room gives the house: the screens of saved maps."""

from django.utils.translation import gettext_lazy as _

from parvis.hub.atlas.backoffice import MapViewSet
from parvis.hub.registry import Link, Module

MODULE = Module(
    slug="atlas", viewsets=(MapViewSet,), from_dataset=(Link(_("Faire une carte"), "maps_admin:new", "jeu"),)
)
