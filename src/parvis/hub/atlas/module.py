"""What this room gives the house: the screens of saved maps, what they read, their words in searches."""

from django.utils.translation import gettext_lazy as _

from parvis.hub.atlas.carried import CARRIED
from parvis.hub.atlas.models import Map
from parvis.hub.drawings.selectors import has_drawings_here
from parvis.hub.records.selectors import readings_of
from parvis.hub.registry import Link, Module
from parvis.hub.search.records import kind_of_records
from parvis.hub.sites.menu_targets import Room

MODULE = Module(
    slug="atlas",
    viewsets=("parvis.hub.atlas.backoffice.MapViewSet",),
    reads=lambda: readings_of(Map),
    search=(kind_of_records(Map, _("Cartes"), Link(_("Cartes"), "maps"), rests_on_datasets=True),),
    menu=(Room("maps", _("Cartes"), order=40, in_header=True, is_empty=lambda: not has_drawings_here(Map)),),
    from_dataset=(Link(_("Faire une carte"), "maps_admin:new", "jeu"),),
    carried=CARRIED,
)
