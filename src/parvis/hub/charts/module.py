"""What this room gives the house: the screens of saved charts, what they read, their words in searches."""

from django.utils.translation import gettext_lazy as _

from parvis.hub.charts.carried import CARRIED
from parvis.hub.charts.models import Chart
from parvis.hub.drawings.selectors import has_drawings_here
from parvis.hub.records.selectors import readings_of
from parvis.hub.registry import Link, Module
from parvis.hub.search.records import kind_of_records
from parvis.hub.sites.menu_targets import Room

MODULE = Module(
    slug="charts",
    viewsets=("parvis.hub.charts.backoffice.ChartViewSet",),
    reads=lambda: readings_of(Chart),
    search=(kind_of_records(Chart, _("Graphiques"), Link(_("Graphiques"), "charts"), rests_on_datasets=True),),
    menu=(Room("charts", _("Graphiques"), order=50, is_empty=lambda: not has_drawings_here(Chart)),),
    from_dataset=(Link(_("Faire un graphique"), "charts_admin:new", "jeu"),),
    carried=CARRIED,
)
